/// A socket, as a program holds it (SOCKET).
public struct SocketHandle: RawRepresentable, Hashable, Sendable {
    /// The number; opaque.
    public let rawValue: UInt

    /// Makes a handle from its number.
    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// INVALID_SOCKET.
    public static let invalid = Self(rawValue: .max)
}

extension SocketHandle: CustomStringConvertible {
    /// `socket 0x40000004`.
    public var description: String { "socket 0x\(String(rawValue, radix: 16))" }
}
