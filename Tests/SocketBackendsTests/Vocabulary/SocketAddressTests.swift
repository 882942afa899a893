import SocketBackends
import Testing

@Suite("Socket addresses")
struct SocketAddressTests {
    @Test("too short for a family number is WSAEFAULT", arguments: [[], [2]] as [[UInt8]])
    func short(bytes: [UInt8]) {
        let error = #expect(throws: SocketError.self) { try SocketAddress(bytes: bytes) }
        #expect(error?.code == .WSAEFAULT)
    }

    @Test("family and payload are the two parts of the bytes")
    func parts() throws {
        let built = SocketAddress(family: .irda, payload: [1, 2, 3])
        #expect(built.family == .irda)
        #expect(Array(built.payload) == [1, 2, 3])
        #expect(try SocketAddress(bytes: built.bytes) == built)
        #expect(try SocketAddress(bytes: [0xFF, 0xFF]).payload.isEmpty)
    }
}
