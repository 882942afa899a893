import CLinux
import Glibc
import SystemPackage

/// The memory of the program that has made a call: its pointers may be anything, and a bad one is EFAULT and not a crash.
///
/// The kernel looks: process_vm_readv(2) and process_vm_writev(2) of this process itself. Where they are forbidden the memory is taken
/// to be good.
enum CallerMemory {
    /// Copies bytes out of the caller's memory.
    static func read(_ count: Int, from source: UnsafeRawPointer?) throws(Errno) -> [UInt8] {
        guard count > 0 else { return [] }
        guard let source else { throw .badAddress }
        var bytes = [UInt8](repeating: 0, count: count)
        // The kernel only reads there; its structure does not say so.
        var remote = iovec(iov_base: UnsafeMutableRawPointer(mutating: source), iov_len: count)
        let copied = bytes.withUnsafeMutableBytes { bytes in
            var local = iovec(iov_base: bytes.baseAddress, iov_len: count)
            return process_vm_readv(getpid(), &local, 1, &remote, 1, 0)
        }
        if try isForbidden(copied, of: count) { return Array(UnsafeRawBufferPointer(start: source, count: count)) }
        return bytes
    }

    /// Copies bytes into the caller's memory.
    static func write(_ bytes: [UInt8], to target: UnsafeMutableRawPointer?) throws(Errno) {
        guard !bytes.isEmpty else { return }
        guard let target else { throw .badAddress }
        var remote = iovec(iov_base: target, iov_len: bytes.count)
        let copied = bytes.withUnsafeBytes { bytes in
            var local = iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
            return process_vm_writev(getpid(), &local, 1, &remote, 1, 0)
        }
        if try isForbidden(copied, of: bytes.count) {
            UnsafeMutableRawBufferPointer(start: target, count: bytes.count).copyBytes(from: bytes)
        }
    }

    /// Reads a number.
    static func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _: Number.Type, at source: UnsafeRawPointer
    ) throws(Errno) -> Number {
        try read(MemoryLayout<Number>.size, from: source).withUnsafeBytes { $0.loadUnaligned(as: Number.self) }
    }

    /// Writes a number.
    static func store(_ number: some FixedWidthInteger, at target: UnsafeMutableRawPointer) throws(Errno) {
        try write(withUnsafeBytes(of: number) { Array($0) }, to: target)
    }

    /// - Throws: EFAULT unless everything was copied, or copying so is not allowed at all.
    private static func isForbidden(_ copied: Int, of count: Int) throws(Errno) -> Bool {
        if copied == count { return false }
        if copied == -1, errno == EPERM || errno == ENOSYS { return true }
        throw .badAddress
    }
}
