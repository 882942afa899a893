import DequeModule

/// The numbered frames of one end of a link: what is queued, what is on its way, what has arrived.
///
/// The same in both roles (IrLAP 1.1, 5.5 and 6.12.3.4). Numbers count modulo 8. Va is `vs` less the unacknowledged frames.
struct InformationTransfer: Sendable {
    /// How a received Nr relates to what was sent.
    enum Acknowledgement {
        /// It is Vs: everything has arrived.
        case expected
        /// One of the unacknowledged numbers: from there on it is missing.
        case unexpected
        /// No frame of ours has this number.
        case invalid
    }

    /// Ns of the next new frame.
    private(set) var vs: UInt8 = 0
    /// Ns of the next frame that we expect.
    private(set) var vr: UInt8 = 0
    /// Set by RNR, cleared by RR: the peer cannot take I frames.
    var remoteBusy = false
    /// Sent, and not acknowledged yet, oldest first.
    private var unacknowledged: Deque<[UInt8]> = []
    /// Not sent yet, or to be sent again.
    private var queue: Deque<[UInt8]> = []
    /// What goes out in UI frames, before everything else.
    private var unitData: Deque<[UInt8]> = []
    private static let longestUnitData = 8

    /// The oldest number that is not acknowledged.
    private var va: UInt8 { Self.modulo(vs &- UInt8(truncatingIfNeeded: unacknowledged.count)) }

    /// Whether there is something that may be sent now.
    var hasSomethingToSend: Bool { !queue.isEmpty && !remoteBusy || !unitData.isEmpty }
    /// How many frames wait to be sent.
    var queuedFrames: Int { queue.count }
    /// Whether everything that was handed over has arrived at the other end.
    var isDrained: Bool { queue.isEmpty && unacknowledged.isEmpty && unitData.isEmpty }

    mutating func enqueue(_ information: [UInt8]) {
        queue.append(information)
    }

    /// - Returns: whether there was room.
    mutating func enqueueUnitData(_ information: [UInt8]) -> Bool {
        guard unitData.count < Self.longestUnitData else { return false }
        unitData.append(information)
        return true
    }

    /// Takes the acknowledgement in `nr`. Every I and S frame carries one, also one out of sequence.
    mutating func acknowledge(_ nr: UInt8) -> Acknowledgement {
        let acknowledged = Int(Self.modulo(nr &- va))
        guard acknowledged <= unacknowledged.count else { return .invalid }
        unacknowledged.removeFirst(acknowledged)
        return unacknowledged.isEmpty ? .expected : .unexpected
    }

    /// Puts everything that is not acknowledged back in front of the queue, to be sent again under the same numbers.
    mutating func resendUnacknowledged() {
        vs = va
        queue.prepend(contentsOf: unacknowledged)
        unacknowledged.removeAll()
    }

    /// Whether the frame with this Ns is the next in order; then it counts as received.
    mutating func accept(ns: UInt8) -> Bool {
        guard ns == vr else { return false }
        vr = Self.modulo(vr &+ 1)
        return true
    }

    /// The I frames of one turn, the last with P/F set; empty if there is nothing to send.
    ///
    /// As many as the peer's window holds and as fit in its maximum turn-around time: the line capacity (IrLAP 1.1, 6.6.11)
    /// is counted in characters on the air, escapes and fillers included, so that no turn takes too long. One frame always
    /// goes.
    mutating func burst(address: IrLAPAddress, limits: LinkParameters.Direction, additionalBOFs: Int) -> [IrLAPFrame] {
        var frames: [IrLAPFrame] = []
        var characters = 0
        while let information = unitData.first {
            let frame = IrLAPFrame(
                address: address, control: .unnumbered(.unnumberedInformation, pollFinal: false),
                information: information)
            characters += SIRFramer.encodedLength(frame.bytes, additionalBOFs: additionalBOFs)
            guard frames.isEmpty || characters < limits.lineCapacity else { break }
            frames.append(frame)
            unitData.removeFirst()
        }
        while !remoteBusy, let information = queue.first, unacknowledged.count < limits.windowSize {
            let frame = IrLAPFrame(
                address: address, control: .information(ns: vs, nr: vr, pollFinal: false), information: information)
            characters += SIRFramer.encodedLength(frame.bytes, additionalBOFs: additionalBOFs)
            guard frames.isEmpty || characters < limits.lineCapacity else { break }
            frames.append(frame)
            unacknowledged.append(information)
            queue.removeFirst()
            vs = Self.modulo(vs &+ 1)
        }
        if case .unnumbered = frames.last?.control {
            // A UI frame acknowledges nothing, and what has arrived is to be acknowledged each turn.
            frames.append(
                IrLAPFrame(
                    address: address, control: .supervisory(.receiveReady, nr: vr, pollFinal: false), information: []))
        }
        if let last = frames.indices.last {
            frames[last].control = frames[last].control.withPollFinal
        }
        return frames
    }

    private static func modulo(_ number: UInt8) -> UInt8 { number & 7 }
}

extension IrLAPControl {
    /// The same control byte with P/F set.
    fileprivate var withPollFinal: IrLAPControl {
        switch self {
        case .information(let ns, let nr, _): .information(ns: ns, nr: nr, pollFinal: true)
        case .supervisory(let kind, let nr, _): .supervisory(kind, nr: nr, pollFinal: true)
        case .unnumbered(let kind, _): .unnumbered(kind, pollFinal: true)
        }
    }
}
