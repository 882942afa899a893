/// What both ends of a connection keep of it.
struct Link: Sendable {
    let peer: DeviceAddress
    let connectionAddress: ConnectionAddress
    let parameters: LinkParameters
    var transfer = InformationTransfer()
    /// Waiting for the end of a connection that one of the two has asked for, or that a protocol error demands.
    var closing: IrLAPDisconnectReason?

    /// The pause that the peer needs after its own transmission (parameter 86, IrLAP 1.1, 6.6.8).
    var turnaround: Duration { parameters.transmit.minimumTurnaround }
    /// The fillers that the peer needs in front of a frame (parameter 85, scaled to the rate, 6.6.7).
    var additionalBOFs: Int { parameters.transmit.additionalBOFs.count(at: parameters.baudRate) }

    /// Whether the silence becomes worth a warning with this expiry of a timer of the length `step`; with a threshold of zero
    /// it is the first (N1, 6.12.3.2 note 2).
    func reachesThreshold(after silence: Duration, in step: Duration) -> Bool {
        let threshold = max(parameters.thresholdTime, step)
        return silence >= threshold && silence - step < threshold
    }

    /// One turn's worth of I frames; empty if there is nothing to send.
    mutating func burst(isCommand: Bool) -> [IrLAPFrame] {
        transfer.burst(
            address: IrLAPAddress(connection: connectionAddress, isCommand: isCommand), limits: parameters.transmit,
            additionalBOFs: additionalBOFs)
    }

    /// RR with P/F set, which ends a turn and acknowledges what has arrived.
    func receiveReady(isCommand: Bool) -> IrLAPFrame {
        IrLAPFrame(
            address: IrLAPAddress(connection: connectionAddress, isCommand: isCommand),
            control: .supervisory(.receiveReady, nr: transfer.vr, pollFinal: true), information: [])
    }

    /// A U frame with P/F set.
    func unnumbered(_ kind: UnnumberedKind, isCommand: Bool, information: [UInt8] = []) -> IrLAPFrame {
        IrLAPFrame(
            address: IrLAPAddress(connection: connectionAddress, isCommand: isCommand),
            control: .unnumbered(kind, pollFinal: true), information: information)
    }

    /// What FRMR says of a command that we do not know (5.7.1.8).
    func undefinedControl(_ control: UInt8) -> FRMRField {
        FRMRField(
            rejectedControl: control, vr: transfer.vr, vs: transfer.vs, wasResponse: false, flags: .undefinedControl)
    }

    /// Processes what every I and S frame carries; what is delivered goes into `actions`.
    ///
    /// - Returns: whether the frame asks for a particular answer.
    mutating func receive(_ control: IrLAPControl, information: [UInt8], _ actions: inout [IrLAPAction]) -> Demand {
        switch control {
        case .information(let ns, let nr, let pollFinal):
            let acknowledgement = transfer.acknowledge(nr)
            if acknowledgement == .invalid { return .reset }
            guard transfer.accept(ns: ns) else {
                // RR with the old Nr asks for what is missing; nobody is obliged to send REJ (6.12.3.1).
                return pollFinal ? .receiveReady : .none
            }
            actions.append(.indicate(.data(information)))
            if pollFinal && acknowledgement == .unexpected { transfer.resendUnacknowledged() }
            return .none
        case .supervisory(let kind, let nr, let pollFinal):
            let acknowledgement = transfer.acknowledge(nr)
            if acknowledgement == .invalid { return .reset }
            switch kind {
            case .receiveReady:
                transfer.remoteBusy = false
                if pollFinal && acknowledgement == .unexpected { transfer.resendUnacknowledged() }
                return .none
            case .receiveNotReady:
                transfer.remoteBusy = true
                return .none
            case .reject, .selectiveReject:
                // After SREJ more than the one frame goes again; the receiver discards what it has (6.12.3.1).
                transfer.resendUnacknowledged()
                return .none
            }
        case .unnumbered:
            return .none
        }
    }

    /// What a frame asks for.
    enum Demand {
        /// Whatever there is to say.
        case none
        /// RR, even if there is data to send.
        case receiveReady
        /// Only a reset could help: an Nr that was never sent.
        case reset
    }
}
