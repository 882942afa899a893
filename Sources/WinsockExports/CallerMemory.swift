import SocketBackends

extension UntrustedMemory {
    /// Reads one value of a fixed layout.
    ///
    /// - Throws: WSAEFAULT if it cannot be read.
    static func value<Value: BitwiseCopyable>(
        _ type: Value.Type, at pointer: UnsafeRawPointer?, for operation: @autoclosure () -> String
    ) throws(SocketError) -> Value {
        let bytes = try read(from: pointer, count: MemoryLayout<Value>.size, for: operation())
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: type) }
    }

    /// Reads several values, one behind the other.
    ///
    /// - Throws: WSAEFAULT if they cannot be read.
    static func values<Value: BitwiseCopyable>(
        _ type: Value.Type, count: Int, at pointer: UnsafeRawPointer?, for operation: @autoclosure () -> String
    ) throws(SocketError) -> [Value] {
        let stride = MemoryLayout<Value>.stride
        let (length, isTooMuch) = stride.multipliedReportingOverflow(by: count)
        guard count >= 0, !isTooMuch else {
            throw SocketError(.WSAEFAULT, operation: operation(), reason: "there cannot be \(count) of them")
        }
        let bytes = try read(from: pointer, count: length, for: operation())
        return bytes.withUnsafeBytes { bytes in
            (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * stride, as: type) }
        }
    }

    /// Writes a value of a fixed layout.
    ///
    /// - Throws: WSAEFAULT if it cannot be written.
    static func write(
        _ value: some BitwiseCopyable, at pointer: UnsafeMutableRawPointer?, for operation: @autoclosure () -> String
    ) throws(SocketError) {
        try write(withUnsafeBytes(of: value) { Array($0) }, to: pointer, for: operation())
    }
}

extension SocketAddress {
    /// Gives an address to a program: to `name`, which has room for `*length` bytes, and its length to `*length`.
    ///
    /// - Throws: WSAEFAULT if there is no room, or no memory; the program's memory is then as it was.
    func give(
        to name: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<Int32>?, for operation: String
    ) throws(SocketError) {
        let room = try UntrustedMemory.value(Int32.self, at: length, for: operation)
        guard Int(room) >= bytes.count else {
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "a buffer of \(room) bytes is too short for the address",
                advice: "It takes \(bytes.count); a SOCKADDR_STORAGE has room for any.")
        }
        try UntrustedMemory.write(bytes, to: name, for: operation)
        try UntrustedMemory.write(Int32(bytes.count), at: length, for: operation)
    }
}

/// A string of C, with its NUL, cut to the room that there is.
func terminated(_ text: String, room: Int) -> [UInt8] {
    Array(text.utf8.prefix(max(0, room - 1))) + (room > 0 ? [0] : [])
}
