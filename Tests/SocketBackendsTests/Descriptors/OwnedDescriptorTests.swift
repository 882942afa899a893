import SocketBackends
import SystemPackage
import Testing

@Suite("Owned descriptors")
struct OwnedDescriptorTests {
    @Test("letting go closes the descriptor")
    func closes() throws {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        defer { try? readEnd.close() }
        do {
            let owned = OwnedDescriptor(writeEnd)
            try owned.withDescriptor { descriptor in _ = try descriptor.writeAll([7]) }
        }
        #expect(try readEnd.readByte() == 7)
        #expect(try readEnd.readByte() == nil)
    }

    @Test("giving away does not close")
    func release() throws {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        defer { try? readEnd.close() }
        let owned = OwnedDescriptor(writeEnd)
        let released = owned.release()
        #expect(released == writeEnd)
        _ = try released.writeAll([1])
        try released.close()
    }

    @Test("system calls report the error that they met")
    func systemCalls() {
        let error = #expect(throws: SocketError.self) {
            try systemCall(for: "read from nowhere") { () -> Int32 in
                FileDescriptor(rawValue: -1).failingWrite()
            }
        }
        #expect(error?.code == .WSAENOTSOCK)
        #expect(error?.errno == .badFileDescriptor)
        #expect(error?.operation == "read from nowhere")
    }
}
