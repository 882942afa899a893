import SocketBackends
import SystemPackage
import Testing

@Suite("Shared descriptors")
struct SharedDescriptorTests {
    /// A pipe: the end of its stream at `readEnd` proves that the shared end is closed.
    private func makePipe() throws -> (readEnd: FileDescriptor, shared: SharedDescriptor) {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        return (readEnd, SharedDescriptor(OwnedDescriptor(writeEnd)))
    }

    @Test("closing ends new uses")
    func closed() throws {
        let (readEnd, shared) = try makePipe()
        defer { try? readEnd.close() }
        #expect(shared.isClosed == false)
        shared.close()
        shared.close()
        #expect(shared.isClosed)
        #expect(try readEnd.readByte() == nil)
        let error = #expect(throws: SocketError.self) { try shared.withDescriptor(for: "use it") { _ in } }
        #expect(error?.code == .WSAENOTSOCK)
        #expect(error?.operation == "use it")
    }

    @Test("a use that has begun keeps the descriptor open")
    func usedWhileClosed() throws {
        let (readEnd, shared) = try makePipe()
        defer { try? readEnd.close() }
        _ = try shared.withDescriptor(for: "write") { descriptor throws(SocketError) in
            shared.close()
            try systemCall(for: "write") { descriptor.failingWrite() }
        }
        #expect(try readEnd.readByte() == UInt8(ascii: "x"))
        #expect(try readEnd.readByte() == nil)
    }

    @Test("a hold keeps it open until it is let go, and what was held is closed once")
    func hold() throws {
        let (readEnd, shared) = try makePipe()
        defer { try? readEnd.close() }
        let first = try shared.hold(for: "watch")
        let second = try shared.hold(for: "watch")
        shared.close()
        _ = consume first
        _ = try second.withDescriptor { descriptor throws(SocketError) in
            try systemCall(for: "write") { descriptor.failingWrite() }
        }
        _ = consume second
        #expect(try readEnd.readByte() == UInt8(ascii: "x"))
        #expect(try readEnd.readByte() == nil)
    }

    @Test("letting the last reference go closes it too")
    func released() throws {
        let readEnd: FileDescriptor
        do {
            let (end, shared) = try makePipe()
            readEnd = end
            #expect(shared.isClosed == false)
        }
        defer { try? readEnd.close() }
        #expect(try readEnd.readByte() == nil)
    }

    @Test("threads use it while another closes it, and no write goes astray")
    func threads() async throws {
        let (readEnd, shared) = try makePipe()
        defer { try? readEnd.close() }
        let written = await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask { Self.writeUntilClosed(shared) }
            }
            return await group.reduce(0, +)
        }
        var received = 0
        while try readEnd.readByte() != nil { received += 1 }
        #expect(received == written)
    }

    /// How many writes of one thread succeeded; closes the descriptor in the middle.
    private static func writeUntilClosed(_ shared: SharedDescriptor) -> Int {
        for use in 0..<200 {
            if use == 100 { shared.close() }
            do throws(SocketError) {
                _ = try shared.withDescriptor(for: "write") { descriptor throws(SocketError) in
                    try systemCall(for: "write") { descriptor.failingWrite() }
                }
            } catch {
                #expect(error.code == .WSAENOTSOCK)
                return use
            }
        }
        Issue.record("the descriptor was never closed")
        return 0
    }
}
