/// One step of what a host does with a dongle; a dongle's commands are lists of them.
public enum SerialStep: Hashable, Sendable {
    /// Set both control lines, in one request: the state in between would be a command to several dongles.
    case lines(SerialLines)
    /// Set the host's own line speed, in bit/s, 8N1.
    case hostRate(Int)
    /// Write raw bytes.
    case write([UInt8])
    /// Wait until the last stop bit has left the host.
    case drain
    /// Wait at least so long.
    case wait(Duration)
    /// Wait until these bytes have been heard since the last write or discarding; failing that is an error of the dongle.
    case expect([UInt8], within: Duration)
    /// Throw away what has been heard.
    case discardInput
}

extension SerialStep: CustomStringConvertible {
    /// A short notation: `L 1 0`, `B 9600`, `W 87 11`, `D`, `T 50 ms`, `X 04 15 ms`, `F`.
    public var description: String {
        switch self {
        case .lines(let lines): "L \(lines)"
        case .hostRate(let rate): "B \(rate)"
        case .write(let bytes): "W \(bytes.hexadecimal)"
        case .drain: "D"
        case .wait(let time): "T \(time.inUnits)"
        case .expect(let bytes, let limit): "X \(bytes.hexadecimal) \(limit.inUnits)"
        case .discardInput: "F"
        }
    }
}

extension [UInt8] {
    /// The bytes as pairs of capital hexadecimal digits with blanks between.
    var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }.joined(separator: " ")
    }
}

extension Duration {
    /// Whole microseconds, rounded up, so that a wait is never shorter than asked for.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + (attoseconds + 999_999_999_999) / 1_000_000_000_000
    }

    /// In the unit that gives a whole number: `50 ms`, `75 us`, `1 s`.
    var inUnits: String {
        let micros = wholeMicroseconds
        if micros != 0, micros % 1_000_000 == 0 { return "\(micros / 1_000_000) s" }
        return micros % 1000 == 0 ? "\(micros / 1000) ms" : "\(micros) us"
    }

    /// How long `count` characters of ten bits (8N1) take at a rate in bit/s.
    static func characters(_ count: Int, at rate: Int) -> Duration {
        .nanoseconds(Int64(count) * 10_000_000_000 / Int64(Swift.max(1, rate)))
    }
}
