/// How the echo of a station's own light is kept from it.
public enum EchoHandling: String, Hashable, Sendable, CaseIterable {
    /// What comes back in the order in which it was sent is dropped; everything else is heard at once. Right for any dongle.
    case match
    /// Nothing is heard while sending; for a transceiver whose echo is garbled.
    case blind
    /// Everything is heard.
    case pass
}

/// Tells the echo of what was sent from what others send.
///
/// What might be the echo is held back until it is known whether it is: a whole frame of it has come, or a byte is different, or the
/// time is up. So no byte of another station is lost, not even if its frame begins like the one that was sent.
struct EchoFilter: Sendable {
    private let handling: EchoHandling
    private var sent: [UInt8] = []
    private var position = 0
    private var held: [UInt8] = []
    private var missing = 0
    /// Whether so much has come back that it can only be the echo.
    private var isConfirmed = false
    private var isSending = false
    private var end: Duration?

    /// How long after the last bit an echo may still come.
    private let window: Duration
    /// FTDI chips keep short data for 16 ms.
    private static let leastWindow = Duration.milliseconds(20)
    private static let blindTime = Duration.milliseconds(1)
    /// The first bytes of an echo may be lost while a receiver recovers.
    private static let mostMissing = 3
    private static let endOfFrame: UInt8 = 0xC1

    /// - Parameter latency: how much later than on the wire the port's bytes may be heard.
    init(_ handling: EchoHandling, latency: Duration = .zero) {
        self.handling = handling
        window = max(Self.leastWindow, latency)
    }

    /// A filter that waits for nothing.
    var cleared: EchoFilter { EchoFilter(handling, latency: window) }

    /// When what is held back must be decided on; nil if nothing is awaited.
    var deadline: Duration? { end }

    /// Something is being sent.
    mutating func send(_ bytes: [UInt8]) {
        switch handling {
        case .pass: return
        case .blind: break
        case .match:
            sent.removeFirst(position)
            position = 0
            sent += bytes
        }
        isSending = true
        end = nil
    }

    /// The last bit has left.
    mutating func sendingEnded(at now: Duration) {
        guard isSending else { return }
        isSending = false
        end = now + (handling == .blind ? Self.blindTime : window)
    }

    /// Ends the wait for an echo; returns what was held back and was none.
    mutating func expire(at now: Duration) -> [UInt8] {
        guard let end, now >= end else { return [] }
        defer { self = cleared }
        return held
    }

    /// Takes what the port has heard; returns what others have sent.
    mutating func filter(_ bytes: [UInt8], at now: Duration) -> [UInt8] {
        let late = expire(at: now)
        guard isSending || end != nil else { return late + bytes }
        if handling == .blind { return [] }
        var heard = late
        for byte in bytes { heard += filter(byte) }
        return heard
    }

    private mutating func filter(_ byte: UInt8) -> [UInt8] {
        guard position < sent.count else { return [byte] }
        if let found = sent[position...].prefix(Self.mostMissing - missing + 1).firstIndex(of: byte) {
            missing = isConfirmed ? 0 : missing + (found - position)
            position = found + 1
            held.append(byte)
            if byte == Self.endOfFrame {
                isConfirmed = true
                missing = 0
                held = []
            }
            return []
        }
        // While one's own light is on, a different byte of a known echo is a damaged one.
        if isConfirmed, isSending {
            position += 1
            return []
        }
        defer {
            held = []
            missing = 0
            // What came before the echo was noise; after the last bit it is another station.
            position = isSending ? 0 : sent.count
        }
        return held + [byte]
    }
}
