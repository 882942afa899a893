/// What both ends of a connection keep of it, beside the numbered frames (`InformationTransfer`).
struct Link: Sendable {
    let peer: DeviceAddress
    let connectionAddress: ConnectionAddress
    let parameters: LinkParameters
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

    func address(isCommand: Bool) -> IrLAPAddress {
        IrLAPAddress(connection: connectionAddress, isCommand: isCommand)
    }

    /// A U frame with P/F set.
    func unnumbered(_ kind: UnnumberedKind, isCommand: Bool, information: [UInt8] = []) -> IrLAPFrame {
        IrLAPFrame(
            address: address(isCommand: isCommand), control: .unnumbered(kind, pollFinal: true),
            information: information)
    }

    /// A time to wait before a frame of this length is repeated, where both ends may speak at once: 0.5 to 1.5 of its own
    /// (6.11.3.5, 9.3).
    func backoff(forBytes bytes: Int, using generator: inout SeededGenerator) -> Duration {
        let time = parameters.baudRate.time(forBytes: bytes).wholeNanoseconds
        return .nanoseconds(Int64.random(in: time / 2...max(time / 2, time * 3 / 2), using: &generator))
    }
}

extension [IrLAPTransmission] {
    /// Adds a frame with the fillers that the peer needs.
    mutating func append(_ frame: IrLAPFrame, for link: Link) {
        append(IrLAPTransmission(frame: frame, additionalBOFs: link.additionalBOFs))
    }
}

/// What a frame within a link asks for, beside what it carries.
enum LinkDemand: Sendable {
    /// Whatever there is to say.
    case none
    /// RR, even if there is data to send.
    case supervisory
    /// Only a reset could help: an Nr that was never sent.
    case reset
}

// What both roles do with I and S frames (IrLAP 1.1, 6.12.3 and 6.12.4).
extension IrLAP {
    /// Processes what every I and S frame carries; what is delivered goes into `actions`.
    mutating func receiveNumbered(
        _ control: IrLAPControl, information: [UInt8], _ actions: inout [IrLAPAction]
    ) -> LinkDemand {
        switch control {
        case .information(let ns, let nr, let pollFinal):
            let acknowledgement = transfer.acknowledge(nr, &buffers)
            if acknowledgement == .invalid { return .reset }
            if pollFinal { transfer.turnReturned() }
            guard transfer.accept(ns: ns) else {
                // RR with the old Nr asks for what is missing; nobody is obliged to send REJ (6.12.3.1).
                return pollFinal && !transfer.localBusy ? .supervisory : .none
            }
            actions.append(.indicate(.data(information)))
            if pollFinal && acknowledgement == .unexpected { transfer.resendUnacknowledged() }
            return .none
        case .supervisory(let kind, let nr, let pollFinal):
            let acknowledgement = transfer.acknowledge(nr, &buffers)
            if acknowledgement == .invalid { return .reset }
            if pollFinal { transfer.turnReturned() }
            switch kind {
            case .receiveReady:
                transfer.remoteBusy = false
                if pollFinal && acknowledgement == .unexpected { transfer.resendUnacknowledged() }
            case .receiveNotReady:
                transfer.remoteBusy = true
                if pollFinal && acknowledgement == .unexpected { transfer.resendUnacknowledged() }
            case .reject:
                transfer.resendUnacknowledged()
            case .selectiveReject:
                transfer.resendFirst()
            }
            return .none
        case .unnumbered:
            return .none
        }
    }

    /// RR with P/F set, which ends a turn and acknowledges what has arrived; RNR while we can take no I frames.
    mutating func supervisory(_ link: Link, isCommand: Bool) -> IrLAPFrame {
        transfer.acknowledged()
        return IrLAPFrame(
            address: link.address(isCommand: isCommand),
            control: .supervisory(
                transfer.localBusy ? .receiveNotReady : .receiveReady, nr: transfer.vr, pollFinal: true),
            information: [])
    }

    /// Puts one turn's worth of I and UI frames into an empty turn, the last frame with P/F set; nothing if there is nothing to
    /// send.
    mutating func fill(_ turn: inout [IrLAPTransmission], _ link: Link, isCommand: Bool) {
        let needsSupervisory = transfer.fill(
            &turn, address: link.address(isCommand: isCommand), additionalBOFs: link.additionalBOFs)
        guard let last = turn.indices.last else { return }
        if needsSupervisory {
            turn.append(supervisory(link, isCommand: isCommand), for: link)
        } else {
            turn[last].frame.control = turn[last].frame.control.withPollFinal
        }
    }

    /// What FRMR says of a command: of one that we do not know, or of an Nr that cannot be (5.7.1.8).
    func rejection(of control: UInt8, because flags: FRMRField.Flags) -> FRMRField {
        FRMRField(rejectedControl: control, vr: transfer.vr, vs: transfer.vs, wasResponse: false, flags: flags)
    }
}
