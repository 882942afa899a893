import Glibc
import Testing

@testable import SocketBackends

@Suite("Pointers that lead nowhere")
struct UntrustedMemoryTests {
    typealias Route = UntrustedMemory.Route

    /// Addresses at which no program has memory: near NULL, no address at all, the kernel's, and the very last.
    static let nowhere: [UInt] = [1, 0x10, 0x8000_0000_0000_0000, 0xFFFF_8000_0000_0000, .max - 7, .max]

    private func expectFault(sourceLocation: SourceLocation = #_sourceLocation, from body: () throws -> Void) {
        let error = #expect(throws: SocketError.self, sourceLocation: sourceLocation, performing: body)
        #expect(error?.code == .WSAEFAULT, sourceLocation: sourceLocation)
        #expect(error?.operation == "try", sourceLocation: sourceLocation)
    }

    @Test(
        "what is there is copied, in any number of bytes", arguments: Route.allCases, [1, 2, 4095, 4096, 4097, 70_000])
    func whole(route: Route, count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let copy = try bytes.withUnsafeBytes {
            try UntrustedMemory.read(from: $0.baseAddress, count: count, by: route, for: "try")
        }
        #expect(copy == bytes)
        var target = [UInt8](repeating: 0, count: count + 1)
        try target.withUnsafeMutableBytes {
            try UntrustedMemory.write(bytes, to: $0.baseAddress, by: route, for: "try")
        }
        #expect(target == bytes + [0])
    }

    @Test("R6: NULL and addresses at which nothing is", arguments: Route.allCases, [1, 16, 4097])
    func nowhere(route: Route, count: Int) {
        for pointer in [nil] + Self.nowhere.map({ UnsafeMutableRawPointer(bitPattern: $0) }) {
            expectFault { _ = try UntrustedMemory.read(from: pointer, count: count, by: route, for: "try") }
            expectFault {
                try UntrustedMemory.write(Array(repeating: 1, count: count), to: pointer, by: route, for: "try")
            }
        }
    }

    @Test("nothing is copied from and to anywhere", arguments: Route.allCases)
    func nothing(route: Route) throws {
        for pointer in [nil] + Self.nowhere.map({ UnsafeMutableRawPointer(bitPattern: $0) }) {
            #expect(try UntrustedMemory.read(from: pointer, count: 0, by: route, for: "try") == [])
            try UntrustedMemory.write([], to: pointer, by: route, for: "try")
        }
    }

    @Test("R6: memory that ends before the length does", arguments: Route.allCases, [2, 16, 28, 4096])
    func acrossTheEdge(route: Route, count: Int) throws {
        let pages = try Pages(protection: PROT_READ | PROT_WRITE)
        for overhang in 0...min(count, 20) {
            let start = pages.edge - (count - overhang)
            guard overhang > 0 else {
                let bytes = [UInt8](repeating: 7, count: count)
                try UntrustedMemory.write(bytes, to: start, by: route, for: "try")
                #expect(try UntrustedMemory.read(from: start, count: count, by: route, for: "try") == bytes)
                continue
            }
            expectFault { _ = try UntrustedMemory.read(from: start, count: count, by: route, for: "try") }
            expectFault {
                try UntrustedMemory.write(Array(repeating: 1, count: count), to: start, by: route, for: "try")
            }
        }
    }

    @Test("memory that can be read only is not written", arguments: Route.allCases)
    func readOnly(route: Route) throws {
        let pages = try Pages(protection: PROT_READ)
        let start = pages.edge - 16
        #expect(
            try UntrustedMemory.read(from: start, count: 16, by: route, for: "try") == Array(repeating: 0, count: 16))
        expectFault { try UntrustedMemory.write([1, 2, 3], to: start, by: route, for: "try") }
        #expect(start.load(as: UInt8.self) == 0)
    }

    @Test("R6, R7: a socket address with its length")
    func socketAddress() throws {
        let bytes: [UInt8] = [2, 0, 0, 80, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 99]
        let pages = try Pages(protection: PROT_READ | PROT_WRITE)
        let pointer = pages.edge - bytes.count
        try UntrustedMemory.write(bytes, to: pointer, for: "try")
        #expect(try SocketAddress(readingFrom: pointer, length: 16).bytes == Array(bytes.prefix(16)))
        #expect(try SocketAddress(readingFrom: pointer, length: 2).family == .inet)
        for length in [1, 0, -1, Int(Int32.min), 18, SocketAddress.maximumLength + 1, Int(Int32.max), .max] {
            let error = #expect(throws: SocketError.self) { try SocketAddress(readingFrom: pointer, length: length) }
            #expect(error?.code == .WSAEFAULT)
        }
        for length in [0, 16] {
            let error = #expect(throws: SocketError.self) { try SocketAddress(readingFrom: nil, length: length) }
            #expect(error?.code == .WSAEFAULT)
        }
    }
}

/// A page that can be used as it says, and behind it one that cannot be used at all.
private struct Pages: ~Copyable {
    private static let size = sysconf(Int32(_SC_PAGESIZE))
    private let start: UnsafeMutableRawPointer
    /// Where the second page begins.
    var edge: UnsafeMutableRawPointer { start + Self.size }

    init(protection: Int32) throws {
        let pages = mmap(nil, 2 * Self.size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        let first = try #require(pages != MAP_FAILED ? pages : nil)
        try #require(mprotect(first + Self.size, Self.size, PROT_NONE) == 0)
        start = first
    }

    deinit {
        munmap(start, 2 * Self.size)
    }
}
