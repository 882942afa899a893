import CLinux
import Glibc
import SystemPackage

/// Memory that may not be there: where the pointers of a C program lead.
///
/// It is never touched from here. The kernel copies, and says so if it cannot: a wrong pointer is WSAEFAULT, not the end of the process
/// (rule R6). Looking first and touching then would not do, because another thread may take the memory away in between.
public enum UntrustedMemory {
    /// Copies bytes from where a program says that they are.
    ///
    /// - Parameters:
    ///   - pointer: where they are; NULL is nowhere.
    ///   - count: how many there are; none are copied from anywhere.
    ///   - operation: what is attempted, as `SocketError.operation` has it.
    /// - Returns: the bytes.
    /// - Throws: WSAEFAULT if any of them cannot be read.
    public static func read(
        from pointer: UnsafeRawPointer?, count: Int, for operation: @autoclosure () -> String
    ) throws(SocketError) -> [UInt8] {
        try read(from: pointer, count: count, by: .fastest, for: operation())
    }

    /// Copies bytes to where a program wants them.
    ///
    /// - Parameters:
    ///   - bytes: what is copied; nothing is copied to anywhere.
    ///   - pointer: where they shall be; NULL is nowhere.
    ///   - operation: what is attempted, as `SocketError.operation` has it.
    /// - Throws: WSAEFAULT if not all of that memory can be written; some of the bytes may be there then.
    public static func write(
        _ bytes: [UInt8], to pointer: UnsafeMutableRawPointer?, for operation: @autoclosure () -> String
    ) throws(SocketError) {
        try write(bytes, to: pointer, by: .fastest, for: operation())
    }

    /// How the kernel is made to copy.
    enum Route: CaseIterable {
        /// By process_vm_readv(2) and process_vm_writev(2), one call for any number of bytes.
        case processMemory
        /// Through a pair of sockets: where the former are forbidden, as in some containers.
        case socketPair

        static let fastest = processMemory
    }

    static func read(
        from pointer: UnsafeRawPointer?, count: Int, by route: Route, for operation: @autoclosure () -> String
    ) throws(SocketError) -> [UInt8] {
        guard count > 0 else { return [] }
        guard let pointer else { throw isNull(operation()) }
        var bytes = [UInt8](repeating: 0, count: count)
        do throws(Errno) {
            var span = bytes.mutableSpan
            try span.withUnsafeMutableBytes { room throws(Errno) in
                try copy(count, from: pointer, to: room.baseAddress, by: route) {
                    clinux_read_memory(room.baseAddress, pointer, count)
                }
            }
        } catch {
            throw failure(error, "read", count, UInt(bitPattern: pointer), operation())
        }
        return bytes
    }

    static func write(
        _ bytes: [UInt8], to pointer: UnsafeMutableRawPointer?, by route: Route,
        for operation: @autoclosure () -> String
    ) throws(SocketError) {
        guard !bytes.isEmpty else { return }
        guard let pointer else { throw isNull(operation()) }
        do throws(Errno) {
            try bytes.span.withUnsafeBytes { bytes throws(Errno) in
                try copy(bytes.count, from: bytes.baseAddress, to: pointer, by: route) {
                    clinux_write_memory(pointer, bytes.baseAddress, bytes.count)
                }
            }
        } catch {
            throw failure(error, "written", bytes.count, UInt(bitPattern: pointer), operation())
        }
    }

    /// Copies bytes, one side of which is not trusted; `processMemory` is the call that does it directly.
    private static func copy(
        _ count: Int, from source: UnsafeRawPointer?, to target: UnsafeMutableRawPointer?, by route: Route,
        processMemory: () -> Int
    ) throws(Errno) {
        switch route {
        case .processMemory:
            do throws(Errno) {
                // The kernel stops where the memory ends, and tells how far it came.
                guard try systemCall(processMemory) == count else { throw .badAddress }
            } catch {
                guard error == .noFunction || error == .notPermitted else { throw error }
                try copyThroughSockets(count, from: source, to: target)
            }
        case .socketPair:
            try copyThroughSockets(count, from: source, to: target)
        }
    }

    /// What a pair of sockets takes without anybody reading at the other end.
    private static let portion = 4096

    private static func copyThroughSockets(
        _ count: Int, from source: UnsafeRawPointer?, to target: UnsafeMutableRawPointer?
    ) throws(Errno) {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        try systemCall { socketpair(AF_UNIX, type, 0, &ends) }
        let here = OwnedDescriptor(FileDescriptor(rawValue: ends[0]))
        let there = OwnedDescriptor(FileDescriptor(rawValue: ends[1]))
        var copied = 0
        while copied < count {
            let portion = min(count - copied, portion)
            // Reckoned as numbers: a pointer that is none may be too near to the end of all addresses.
            let from = UnsafeRawPointer(bitPattern: UInt(bitPattern: source) &+ UInt(copied))
            let to = UnsafeMutableRawPointer(bitPattern: UInt(bitPattern: target) &+ UInt(copied))
            let sent = try here.withDescriptor { descriptor throws(Errno) in
                try systemCall { send(descriptor.rawValue, from, portion, Int32(MSG_NOSIGNAL)) }
            }
            let received = try there.withDescriptor { descriptor throws(Errno) in
                try systemCall { recv(descriptor.rawValue, to, portion, 0) }
            }
            guard sent == portion, received == portion else { throw .badAddress }
            copied += portion
        }
    }

    private static func isNull(_ operation: String) -> SocketError {
        SocketError(
            .WSAEFAULT, operation: operation, reason: "the pointer is NULL", advice: "Pass the address of a buffer.")
    }

    private static func failure(
        _ errno: Errno, _ done: String, _ count: Int, _ address: UInt, _ operation: String
    ) -> SocketError {
        guard errno == .badAddress else { return SocketError(errno, operation: operation) }
        return SocketError(
            .WSAEFAULT, errno: errno, operation: operation,
            reason: "not all of the \(count) bytes at 0x\(String(address, radix: 16)) can be \(done)",
            advice: "Check the pointer and the length.")
    }
}
