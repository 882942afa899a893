import FamilyFixtures
import SocketBackends
import Testing

/// A table that is whole, with functions that answer what cannot be.
@Suite("Plug-ins that answer nonsense") struct PluginNonsenseTests {
    private func backend(_ breakage: String) throws -> PluginBackend {
        try #require(try CPlugin.broken(breakage).load().first)
    }

    private func socket(_ backend: PluginBackend) throws -> any BackendSocket {
        guard case .socket(let socket) = try backend.makeSocket(type: .stream, protocolNumber: .any) else {
            throw TestFailure("declined")
        }
        return socket
    }

    private func expectNonsense(_ words: String, from body: () throws -> Void) {
        let error = #expect(throws: SocketError.self, performing: body)
        #expect(error?.code == .WSASYSCALLFAILURE)
        #expect(error?.reason.hasPrefix("the plug-in 'loop' is wrong: ") == true)
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test(
        "sockets that are none are not made",
        arguments: [
            ("NO_SUCH_CODE", "its answer -77 is no Winsock error code"), ("NO_SOCKET", "no socket"),
            ("NO_DESCRIPTOR", "descriptor 1048576"), ("NO_SUCH_KIND", "kind 9 of 1"),
        ])
    func noSocket(breakage: String, words: String) throws {
        let backend = try backend(breakage)
        expectNonsense(words) { _ = try backend.makeSocket(type: .stream, protocolNumber: .any) }
    }

    @Test("counts, addresses and states that cannot be are not believed") func answers() throws {
        let address = { (backend: PluginBackend) in try backend.resolve("5") }
        for breakage in ["NO_SUCH_PROGRESS", "TOO_MUCH_SENT", "TOO_MUCH_RECEIVED", "LONG_ADDRESS", "OTHER_FAMILY"] {
            let backend = try backend(breakage)
            let (listener, client) = (try socket(backend), try socket(backend))
            defer { listener.close() }
            defer { client.close() }
            try listener.bind(to: address(backend))
            try listener.listen(backlog: 1)
            switch breakage {
            case "NO_SUCH_PROGRESS":
                expectNonsense("its connect is 2 on its way") { _ = try client.connect(to: address(backend)) }
            case "LONG_ADDRESS":
                expectNonsense("an address of 4294967295 bytes") { _ = try listener.localAddress() }
            case "OTHER_FAMILY":
                expectNonsense("an address of address family 2 for address family 200") {
                    _ = try listener.localAddress()
                }
            default:
                #expect(try client.connect(to: address(backend)) == .connected)
                let server = try listener.accept().socket
                defer { server.close() }
                if breakage == "TOO_MUCH_SENT" {
                    expectNonsense("it has sent 18446744073709551615 of 3 bytes") {
                        _ = try client.sendSome([1, 2, 3])
                    }
                } else {
                    _ = try client.sendSome([1, 2, 3])
                    expectNonsense("it has received 11 bytes into a buffer of 10") { _ = try server.receiveSome(10) }
                }
            }
        }
    }

    @Test("values and texts that do not fit are not believed") func values() throws {
        let socket = try socket(backend("LONG_OPTION"))
        defer { socket.close() }
        expectNonsense("does not fit in 4") { _ = try socket.option(.type, buffer: [0, 0, 0, 0]) }
        let backend = try backend("ENDLESS_TEXT")
        #expect(backend.describe(try backend.resolve("5")) == "loop address [200, 0, 0, 0, 5, 0, 0, 0]")
    }

    @Test("a reason is told in one line") func declined() throws {
        guard case .declined(let reason) = try backend("DECLINES").makeSocket(type: .stream, protocolNumber: .any)
        else {
            throw TestFailure("it does not decline")
        }
        #expect(reason == "nobody is at home")
    }

    @Test("what the family does not have is WSAEOPNOTSUPP, an option WSAENOPROTOOPT") func gaps() throws {
        let backend = try #require(try CPlugin.loopback().load().first)
        let socket = try socket(backend)
        defer { socket.close() }
        let to = #expect(throws: SocketError.self) {
            _ = try socket.send([1].span.bytes, to: try backend.resolve("5"), flags: [])
        }
        #expect(to?.code == .WSAEOPNOTSUPP)
        let option = #expect(throws: SocketError.self) { try socket.setOption(.keepAlive, to: [1, 0, 0, 0]) }
        #expect(option?.code == .WSAENOPROTOOPT)
    }

    @Test("a closed socket is WSAENOTSOCK, and closing again does nothing") func closed() throws {
        let backend = try #require(try CPlugin.loopback().load().first)
        let socket = try socket(backend)
        socket.close()
        socket.close()
        let error = #expect(throws: SocketError.self) { try socket.listen(backlog: 1) }
        #expect(error?.code == .WSAENOTSOCK)
    }
}

extension BackendSocket {
    func sendSome(_ bytes: [UInt8]) throws(SocketError) -> Int { try send(bytes.span.bytes, flags: []) }

    func receiveSome(_ count: Int) throws(SocketError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        var room = buffer.mutableSpan
        var bytes = room.mutableBytes
        let received = try receive(into: &bytes, flags: [])
        return Array(buffer.prefix(received))
    }
}
