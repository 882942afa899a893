/// The address of a socket: a family and bytes that only the family's backend understands.
///
/// `bytes` is a whole Winsock `sockaddr`: the family number (two bytes, host order), then what the family defines. Parsing,
/// printing and checking are methods of the backend, so that no family is second class.
public struct SocketAddress: Hashable, Sendable {
    /// The whole structure, family first. At least two bytes.
    public let bytes: [UInt8]

    /// Takes a `sockaddr` as it lies in memory.
    ///
    /// - Throws: WSAEFAULT if there is not even room for the family (rule R7).
    public init(bytes: [UInt8]) throws(SocketError) {
        guard bytes.count >= Self.familyLength else {
            throw SocketError(
                .WSAEFAULT, operation: "read a socket address",
                reason: "\(bytes.count) bytes are too few for a family number",
                advice: "Pass the whole structure and its length.")
        }
        self.bytes = bytes
    }

    /// Puts the family number before the family's own bytes.
    @inlinable
    public init(family: AddressFamily, payload: some Sequence<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 + payload.underestimatedCount)
        withUnsafeBytes(of: family.rawValue) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: payload)
        self.bytes = bytes
    }

    /// The family number in the first two bytes.
    public var family: AddressFamily {
        AddressFamily(rawValue: bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt16.self) })
    }

    /// What follows the family number.
    public var payload: ArraySlice<UInt8> { bytes[Self.familyLength...] }

    /// Bytes that the family number takes.
    static let familyLength = 2
}
