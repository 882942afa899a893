import DequeModule

/// The numbered frames of one end of a link: what is queued, what is on its way, what has arrived.
///
/// The same in both roles (IrLAP 1.1, 5.5 and 6.12.3.4). Numbers count modulo 8. It lives beside the states of IrLAP, not in
/// them, so that a change of state copies no queue.
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

    /// More UI frames than this do not wait; who sends faster is told so.
    static let longestUnitData = 8
    /// A frame with less information than this is not worth its own overhead; what is left waits for the next turn.
    private static let shortestFiller = 32
    /// The first frames of a link are short: only they show how good it is.
    private static let firstSize = 512

    /// Ns of the next new frame.
    private(set) var vs: UInt8 = 0
    /// Ns of the next frame that we expect.
    private(set) var vr: UInt8 = 0
    /// Set by RNR, cleared by RR: the peer cannot take I frames.
    var remoteBusy = false
    /// We cannot take I frames: they are acknowledged no more, and RNR says so.
    var localBusy = false
    /// An FRMR has been sent: no more I frames until a reset (5.7.1.8).
    var isRejecting = false
    /// I frames that were accepted, and that no frame of ours has acknowledged yet.
    private(set) var mustAcknowledge = false
    /// I frames in order; the first `sent` of them are on their way and not acknowledged.
    private var frames: Deque<OutgoingFrame> = []
    private var sent = 0
    /// Only the first frame is to go again (SREJ).
    private var resendsOne = false
    private var unitData: Deque<OutgoingFrame> = []
    /// Whether the fate of the last burst is still to be noted.
    private var awaitsVerdict = false
    private var quality = LinkQuality()
    private var ceiling = firstSize
    private var sizing: FrameSizing
    private let link: FrameSizing.Link
    private let rate: BaudRate
    private let limits: LinkParameters.Direction

    init(_ parameters: LinkParameters) {
        rate = parameters.baudRate
        limits = parameters.transmit
        link = FrameSizing.Link(parameters, silence: IrLAP.longestWait)
        sizing = .best(for: link, lossRate: 0)
    }

    /// The oldest number that is not acknowledged.
    private var va: UInt8 { Self.modulo(vs &- UInt8(truncatingIfNeeded: sent)) }

    private var mayNumber: Bool { !remoteBusy && !isRejecting }
    /// Whether there is something that may be sent now.
    var hasSomethingToSend: Bool { mayNumber && frames.count > sent || !unitData.isEmpty }
    /// Whether everything that was handed over has arrived at the other end.
    var isDrained: Bool { frames.isEmpty && unitData.isEmpty }
    /// The information of I frames that has not arrived at the other end, as far as is known.
    var unacknowledged: [[UInt8]] { frames.map(\.information) }
    /// The most bytes of new frames, as the errors of late suggest; for those who look.
    var preferredSize: Int { sizing.information }

    // MARK: Queueing

    mutating func enqueue(_ information: [UInt8]) {
        frames.append(OutgoingFrame(information, rate: rate))
    }

    /// - Returns: whether there was room.
    mutating func enqueueUnitData(_ information: [UInt8]) -> Bool {
        guard unitData.count < Self.longestUnitData else { return false }
        unitData.append(OutgoingFrame(information, rate: rate))
        return true
    }

    /// What another new frame for the next turn may carry, beside all that waits already; nil if none should come.
    ///
    /// The frame size follows the errors, and the last frame of a turn fills what is left of it.
    var room: InformationRoom? {
        guard mayNumber, !resendsOne else { return nil }
        var budget = TurnBudget(limits, rate: rate, window: limits.windowSize)
        if sizing.endsWithSupervisory { budget.reserveSupervisory() }
        for frame in unitData { budget.take(frame) }
        // Those on their way may have to go again, and take their place in the window in any case.
        for frame in frames { budget.take(frame) }
        guard var room = budget.room else { return nil }
        room.bytes = min(room.bytes, preferredSize, ceiling)
        return room.bytes >= Self.shortestFiller && room.characters >= Self.shortestFiller ? room : nil
    }

    // MARK: Numbers

    /// Takes the acknowledgement in `nr`. Every I and S frame carries one, also one out of sequence.
    ///
    /// - Parameters:
    ///   - nr: what the peer expects next.
    ///   - pool: gets the buffers of what has arrived.
    mutating func acknowledge(_ nr: UInt8, _ pool: inout BufferPool) -> Acknowledgement {
        let acknowledged = Int(Self.modulo(nr &- va))
        guard acknowledged <= sent else { return .invalid }
        if awaitsVerdict { note(acknowledged) }
        for _ in 0..<acknowledged { pool.give(frames.removeFirst().information) }
        sent -= acknowledged
        if acknowledged > 0 { resendsOne = false }  // The frame that SREJ asked for has arrived.
        return sent == 0 ? .expected : .unexpected
    }

    private mutating func note(_ acknowledged: Int) {
        // An acknowledgement of a part may be followed by more of the same turn; the frame with P/F decides.
        let arrived = frames.prefix(acknowledged).reduce(0) { $0 + $1.characters + link.overhead }
        if acknowledged > 0 { quality.note(arrived: arrived, missing: nil) }
    }

    /// The peer has given the turn back: what it has not acknowledged is lost.
    mutating func turnReturned() {
        guard awaitsVerdict else { return }
        awaitsVerdict = false
        if sent > 0, let first = frames.first {
            quality.note(arrived: 0, missing: first.characters + link.overhead)
        }
        if quality.isKnown { ceiling = limits.dataSize }
        sizing = .best(for: link, lossRate: quality.lossRate)
    }

    /// Everything that is not acknowledged is to be sent again under the same numbers.
    mutating func resendUnacknowledged() {
        vs = va
        sent = 0
        resendsOne = false
    }

    /// The first frame that is not acknowledged is to be sent again, and nothing else (SREJ).
    mutating func resendFirst() {
        resendsOne = sent > 0
    }

    /// Whether the frame with this Ns is the next in order, and we can take it; then it counts as received.
    mutating func accept(ns: UInt8) -> Bool {
        guard ns == vr, !localBusy else { return false }
        vr = Self.modulo(vr &+ 1)
        mustAcknowledge = true
        return true
    }

    /// An S frame of ours goes out.
    mutating func acknowledged() { mustAcknowledge = false }

    /// A reset: numbers start anew, and what was not acknowledged is dropped (6.12); what was never sent is, too, since the layer
    /// above begins anew.
    mutating func reset() {
        (vs, vr, sent) = (0, 0, 0)
        (remoteBusy, isRejecting, mustAcknowledge, resendsOne, awaitsVerdict) = (false, false, false, false, false)
        frames.removeAll()
        unitData.removeAll()
    }

    // MARK: Sending

    /// Puts the frames of one turn into it, none with P/F set; nothing if there is nothing to send.
    ///
    /// - Parameters:
    ///   - turn: an empty turn.
    ///   - address: the A byte of the frames.
    ///   - additionalBOFs: the fillers in front of each.
    /// - Returns: whether an S frame has to follow, which then carries P/F; otherwise the last frame does.
    mutating func fill(_ turn: inout [IrLAPTransmission], address: IrLAPAddress, additionalBOFs: Int) -> Bool {
        var budget = TurnBudget(limits, rate: rate, window: limits.windowSize)
        var needsSupervisory = false
        func append(_ frame: IrLAPFrame) {
            turn.append(IrLAPTransmission(frame: frame, additionalBOFs: additionalBOFs))
        }
        while let frame = unitData.first, turn.isEmpty || budget.fits(frame) {
            unitData.removeFirst()
            budget.take(frame)
            append(
                IrLAPFrame(
                    address: address, control: .unnumbered(.unnumberedInformation, pollFinal: false),
                    information: frame.information))
            needsSupervisory = mustAcknowledge
        }
        guard mayNumber else { return needsSupervisory }
        if resendsOne, let frame = frames.first {
            resendsOne = false
            awaitsVerdict = true
            append(numbered(frame, ns: va, address))
            return false
        }
        if sizing.endsWithSupervisory { budget.reserveSupervisory() }
        var isNumbered = false
        while sent < limits.windowSize, sent < frames.count, turn.isEmpty || budget.fits(frames[sent]) {
            budget.take(frames[sent])
            append(numbered(frames[sent], ns: vs, address))
            vs = Self.modulo(vs &+ 1)
            sent += 1
            isNumbered = true
        }
        if isNumbered {
            awaitsVerdict = true
            // A busy secondary says so behind its data; a primary when it polls (BUSY_S and BUSY_P, 6.12).
            needsSupervisory = sizing.endsWithSupervisory || localBusy && !address.isCommand
        }
        return needsSupervisory
    }

    private mutating func numbered(_ frame: OutgoingFrame, ns: UInt8, _ address: IrLAPAddress) -> IrLAPFrame {
        mustAcknowledge = false
        return IrLAPFrame(
            address: address, control: .information(ns: ns, nr: vr, pollFinal: false), information: frame.information)
    }

    private static func modulo(_ number: UInt8) -> UInt8 { number & 7 }
}

extension IrLAPControl {
    /// The same control byte with P/F set.
    var withPollFinal: IrLAPControl {
        switch self {
        case .information(let ns, let nr, _): .information(ns: ns, nr: nr, pollFinal: true)
        case .supervisory(let kind, let nr, _): .supervisory(kind, nr: nr, pollFinal: true)
        case .unnumbered(let kind, _): .unnumbered(kind, pollFinal: true)
        }
    }
}
