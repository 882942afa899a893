/// Finds frames in the bytes of the asynchronous line (IrLAP 1.1, 10.1.5).
///
/// Feed it every byte heard; it reports good frames and everything that shows the medium in use without being one. After
/// an own transmission, or a framing error of the line, call `reset()`.
public struct SIRDeframer: Sendable, Equatable {
    /// What a byte completed.
    public enum Event: Sendable, Hashable {
        /// A frame with a good check sequence: A, C and the I-field, unescaped, without the check sequence.
        case frame([UInt8])
        /// Light that was no good frame. Outside a connection it keeps the medium busy (IrLAP 1.1, 6.13.3).
        case garbage(Garbage)
    }

    /// Why something heard is not a frame.
    public enum Garbage: Sendable, Hashable, CaseIterable {
        /// A byte other than a filler or BOF outside a frame.
        case strayByte
        /// The end of a frame whose check sequence is wrong.
        case badFrameCheckSequence
        /// The sender gave the frame up (CE followed by EOF).
        case aborted
        /// The end of a frame of fewer than four bytes (A, C and the check sequence).
        case tooShort
        /// More bytes than a frame may have; the rest of it counts as stray bytes.
        case overrun
        /// A BOF inside a frame: what was gathered is dropped, a new frame starts.
        case restarted
    }

    private enum State: Sendable, Hashable {
        case outside
        case begin
        case inside
        case escape
    }

    private let maximumLength: Int
    private var state = State.outside
    private var buffer: [UInt8] = []
    private var check = FrameCheckSequence()

    /// A deframer outside any frame.
    ///
    /// - Parameter maximumFrameLength: the most bytes of A, C and I-field to accept; the default fits the largest data
    ///   size of 2048 bytes.
    public init(maximumFrameLength: Int = 2050) {
        maximumLength = min(max(2, maximumFrameLength), 1 << 20) + 2
    }

    /// Whether a frame has begun (a BOF was heard) and not ended yet.
    public var isInsideFrame: Bool { state != .outside }

    /// Drops what was gathered and waits for the next BOF.
    public mutating func reset() {
        state = .outside
        restart()
    }

    /// Takes the next byte from the line; returns what it completed, if anything.
    public mutating func receive(_ byte: UInt8) -> Event? {
        switch state {
        case .outside: receiveOutside(byte)
        case .begin: receiveInFrame(byte, isEmpty: true)
        case .inside: receiveInFrame(byte, isEmpty: false)
        case .escape: receiveEscaped(byte)
        }
    }

    /// Takes several bytes; returns what they completed, in order.
    public mutating func receive(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        receive(bytes, into: &events)
        return events
    }

    /// Takes several bytes; what they completed is put behind what is in the list, in order.
    ///
    /// The memory of a frame is used again for the next one, unless somebody has kept it.
    public mutating func receive(_ bytes: some Sequence<UInt8>, into events: inout [Event]) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { receive($0, &events) }
        if isDone == nil {
            for byte in bytes {
                if let event = receive(byte) { events.append(event) }
            }
        }
    }

    /// The same bytes give the same events as one at a time; inside a frame what needs no look is taken in runs.
    private mutating func receive(_ bytes: UnsafeBufferPointer<UInt8>, _ events: inout [Event]) {
        var index = 0
        while index < bytes.count {
            if state == .inside || state == .begin {
                let end = min(SIRByte.plainEnd(in: bytes, from: index), index + maximumLength - buffer.count)
                if end > index {
                    let run = UnsafeBufferPointer(rebasing: bytes[index..<end])
                    buffer.append(contentsOf: run)
                    check.update(contentsOf: run)
                    state = .inside
                    index = end
                    continue
                }
            }
            if let event = receive(bytes[index]) { events.append(event) }
            index += 1
        }
    }

    private mutating func receiveOutside(_ byte: UInt8) -> Event? {
        switch byte {
        case SIRByte.begin:
            restart()
            state = .begin
            return nil
        case SIRByte.filler:
            // A filler belongs to the frame that follows, so it is no sign of trouble.
            return nil
        default:
            return .garbage(.strayByte)
        }
    }

    private mutating func receiveInFrame(_ byte: UInt8, isEmpty: Bool) -> Event? {
        switch byte {
        case SIRByte.begin:
            restart()
            state = .begin
            return isEmpty ? nil : .garbage(.restarted)
        case SIRByte.end:
            return finish()
        case SIRByte.escape:
            state = .escape
            return nil
        default:
            // FF directly after BOF is the broadcast address, not a filler.
            return append(byte)
        }
    }

    private mutating func receiveEscaped(_ byte: UInt8) -> Event? {
        switch byte {
        case SIRByte.begin:
            restart()
            state = .begin
            return .garbage(.restarted)
        case SIRByte.end:
            reset()
            return .garbage(.aborted)
        default:
            return append(byte ^ SIRByte.escapeMask)
        }
    }

    private mutating func append(_ byte: UInt8) -> Event? {
        guard buffer.count < maximumLength else {
            reset()
            return .garbage(.overrun)
        }
        buffer.append(byte)
        check.update(byte)
        state = .inside
        return nil
    }

    private mutating func finish() -> Event {
        state = .outside
        guard buffer.count >= 4 else { return .garbage(.tooShort) }
        guard check.isGoodResidue else { return .garbage(.badFrameCheckSequence) }
        buffer.removeLast(2)
        return .frame(buffer)
    }

    private mutating func restart() {
        buffer.removeAll(keepingCapacity: true)
        check = FrameCheckSequence()
    }
}
