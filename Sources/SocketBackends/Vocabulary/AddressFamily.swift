/// An address family, by its Winsock number.
///
/// The set is open: a family that nobody here has heard of is a value like any other. IrSock counts in Winsock's numbers
/// everywhere above a system call (AF_INET6 is 23 and AF_IRDA is 26, where Linux has 10 and 23); a backend that talks to Linux
/// translates.
public struct AddressFamily: RawRepresentable, Hashable, Sendable {
    /// The number in the first two bytes of a `sockaddr`.
    public let rawValue: UInt16

    /// Makes a family from its Winsock number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// AF_UNSPEC, 0.
    public static let unspecified = Self(rawValue: 0)
    /// AF_UNIX, 1.
    public static let unix = Self(rawValue: 1)
    /// AF_INET, 2.
    public static let inet = Self(rawValue: 2)
    /// AF_INET6, 23.
    public static let inet6 = Self(rawValue: 23)
    /// AF_IRDA, 26.
    public static let irda = Self(rawValue: 26)
    /// AF_BTH, 32.
    public static let bluetooth = Self(rawValue: 32)
}

extension AddressFamily: CustomStringConvertible {
    /// The number; the name of a family belongs to the backends that serve it.
    public var description: String { "address family \(rawValue)" }
}
