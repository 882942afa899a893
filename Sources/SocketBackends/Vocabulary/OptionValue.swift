/// The value of a socket option as it lies in the caller's memory: integers in host order, one after the other.
public struct OptionValue: Hashable, Sendable {
    /// The bytes.
    public var bytes: [UInt8]

    /// Takes bytes as they are.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// An integer of its own width: Int32 for `int` and BOOL, UInt16 for `u_short`.
    public init(_ value: some FixedWidthInteger) {
        bytes = withUnsafeBytes(of: value) { Array($0) }
    }

    /// Puts an integer behind what is there.
    public func followed(by value: some FixedWidthInteger) -> Self {
        Self(bytes: bytes + Self(value).bytes)
    }

    /// Reads an integer that begins `offset` bytes into the value.
    ///
    /// - Throws: WSAEFAULT if the value is too short.
    public func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type, at offset: Int = 0, for operation: @autoclosure () -> String
    ) throws(SocketError) -> Integer {
        let width = MemoryLayout<Integer>.size
        guard offset >= 0, bytes.count >= width, offset <= bytes.count - width else {
            throw SocketError(
                .WSAEFAULT, operation: operation(), reason: "a value of \(bytes.count) bytes is too short",
                advice: "It takes at least \(width) from byte \(offset) on.")
        }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }

    /// Reads a BOOL, which may be given as a single byte.
    ///
    /// - Throws: WSAEFAULT if there is none.
    public func boolean(for operation: @autoclosure () -> String) throws(SocketError) -> Bool {
        guard !bytes.isEmpty else {
            throw SocketError(
                .WSAEFAULT, operation: operation(), reason: "the value is missing", advice: "Pass a BOOL, four bytes.")
        }
        return bytes.prefix(MemoryLayout<Int32>.size).contains { $0 != 0 }
    }

    /// The bytes, for a caller with this much room.
    ///
    /// - Throws: WSAEFAULT if they do not fit.
    public func bytes(fitting room: Int, for operation: @autoclosure () -> String) throws(SocketError) -> [UInt8] {
        guard room >= bytes.count else {
            throw SocketError(
                .WSAEFAULT, operation: operation(), reason: "a buffer of \(room) bytes is too short",
                advice: "It takes \(bytes.count).")
        }
        return bytes
    }
}
