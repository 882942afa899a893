import SocketBackends
import SystemPackage

/// The memory of the program that has made a call: its pointers may be anything, and a bad one is EFAULT and not a crash.
enum CallerMemory {
    /// Copies bytes out of the caller's memory.
    static func read(_ count: Int, from source: UnsafeRawPointer?) throws(Errno) -> [UInt8] {
        do throws(SocketError) {
            return try UntrustedMemory.read(from: source, count: count, for: "read a program's memory")
        } catch {
            throw error.errno ?? .badAddress
        }
    }

    /// Copies bytes into the caller's memory.
    static func write(_ bytes: [UInt8], to target: UnsafeMutableRawPointer?) throws(Errno) {
        do throws(SocketError) {
            try UntrustedMemory.write(bytes, to: target, for: "write a program's memory")
        } catch {
            throw error.errno ?? .badAddress
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
}
