/// Flags of `send` and `recv`, by their Winsock numbers.
public struct MessageFlags: OptionSet, Hashable, Sendable {
    /// The `MSG_…` bits.
    public let rawValue: Int32

    /// Makes a set from its bits.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// MSG_OOB, 1: urgent data.
    public static let outOfBand = Self(rawValue: 0x1)
    /// MSG_PEEK, 2: leave the data in the queue.
    public static let peek = Self(rawValue: 0x2)
    /// MSG_DONTROUTE, 4.
    public static let doNotRoute = Self(rawValue: 0x4)
}

/// Which direction `shutdown` ends, by its Winsock number.
public enum ShutdownDirection: Int32, Hashable, Sendable {
    /// SD_RECEIVE, 0.
    case receive = 0
    /// SD_SEND, 1.
    case send = 1
    /// SD_BOTH, 2.
    case both = 2
}
