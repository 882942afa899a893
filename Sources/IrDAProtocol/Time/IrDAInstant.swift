/// A moment on a station's clock, counted from wherever its owner likes.
///
/// Nothing in the protocol reads a clock: whoever runs a station passes the time in, real or virtual. Nanoseconds are fine
/// enough for the shortest character at 16 Mbit/s and reach 292 years.
public struct IrDAInstant: InstantProtocol, Hashable, Sendable {
    /// Nanoseconds since the start of the clock.
    public var nanoseconds: Int64

    /// Makes a moment.
    public init(nanoseconds: Int64 = 0) {
        self.nanoseconds = nanoseconds
    }

    /// The moment at which the clock starts.
    public static let start = Self()

    /// The moment `duration` later; clamped to what the clock can tell.
    public func advanced(by duration: Duration) -> Self {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return Self(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// The time from here to another moment.
    public func duration(to other: Self) -> Duration {
        .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
    }

    /// Orders moments in time.
    public static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension IrDAInstant: CustomStringConvertible {
    /// Seconds since the start of the clock, to the microsecond.
    public var description: String {
        let micros = (nanoseconds / 1000).magnitude
        let fraction = String(micros % 1_000_000)
        let padding = String(repeating: "0", count: 6 - fraction.count)
        return "\(nanoseconds < 0 ? "-" : "")\(micros / 1_000_000).\(padding)\(fraction) s"
    }
}

extension Duration {
    /// The duration in nanoseconds, rounded towards zero and clamped to 64 bits.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }
}

extension BaudRate {
    /// How long `bytes` characters take on the air: ten bits each up to 115200 (8N1), eight above.
    ///
    /// IrPHY 1.4: sections 5.2 (asynchronous), 5.3 and 5.4 (synchronous).
    public func time(forBytes bytes: Int) -> Duration {
        let bits = Int64(bytes) * (self <= .rate115200 ? 10 : 8)
        return .nanoseconds(bits * 1_000_000_000 / Int64(rawValue))
    }
}
