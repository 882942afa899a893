import Glibc
import SystemPackage

extension FileDescriptor {
    /// One byte, or nil at the end of the stream.
    func readByte() throws -> UInt8? {
        var byte: UInt8 = 0
        let count = try withUnsafeMutableBytes(of: &byte) { try read(into: $0) }
        return count == 1 ? byte : nil
    }

    /// A write by the bare system call: -1, with errno set, on a bad descriptor.
    func failingWrite() -> Int32 { Int32(truncatingIfNeeded: Glibc.write(rawValue, "x", 1)) }
}
