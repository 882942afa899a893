import CSocketPlugin
import SocketBackends
import Testing

/// A Swift backend through the C table and back.
@Suite("Exported plug-ins") struct ExportedPluginTests {
    private func roundTrip(_ backends: ScriptedBackend...) throws -> [PluginBackend] {
        try PluginBackend.backends(of: ExportedPlugin(backends).table)
    }

    @Test("what a backend says of itself comes through") func identity() throws {
        let (first, second) = (ScriptedBackend(name: "first"), ScriptedBackend(name: "second", family: .bluetooth))
        let imported = try roundTrip(first, second)
        #expect(imported.map(\.name) == ["first", "second"])
        #expect(imported.map(\.family) == [.irda, .bluetooth])
        #expect(imported.map(\.familyName) == ["irda", "irda"])
        #expect(imported.map(\.catalogue) == [first.catalogue, second.catalogue])
        #expect(imported.map(\.providerID) == [first.providerID, second.providerID])
        let address = try imported[0].resolve("Phone/OBEX")
        #expect(address == (try first.resolve("Phone/OBEX")))
        #expect(imported[0].describe(address) == first.describe(address))
    }

    @Test("the three answers come through") func answers() throws {
        let imported = try roundTrip(
            ScriptedBackend(name: "makes"), ScriptedBackend(name: "declines", answer: .declined("no kernel support")),
            ScriptedBackend(name: "throws", answer: .thrown(.WSAEPROTOTYPE)))
        guard case .socket(let socket) = try imported[0].makeSocket(type: .stream, protocolNumber: .any) else {
            throw TestFailure("it declines")
        }
        #expect(socket.kind == imported[0].catalogue[0])
        guard case .declined("no kernel support") = try imported[1].makeSocket(type: .stream, protocolNumber: .any)
        else {
            throw TestFailure("it does not decline")
        }
        let error = #expect(throws: SocketError.self) {
            _ = try imported[2].makeSocket(type: .stream, protocolNumber: .any)
        }
        #expect(error == SocketError(.WSAEPROTOTYPE, operation: "make a socket", reason: "throws said so"))
        // An error of a call, with all of its parts.
        let listening = #expect(throws: SocketError.self) { try socket.listen(backlog: 1) }
        #expect(
            listening == SocketError(.WSAEOPNOTSUPP, operation: "use a scripted socket", reason: "it can do nothing"))
        socket.close()
    }

    @Test("availability comes through") func availability() throws {
        let imported = try roundTrip(
            ScriptedBackend(name: "there"),
            ScriptedBackend(name: "absent", availability: .unavailable(reason: "no port")))
        #expect(imported.map(\.availability) == [.available, .unavailable(reason: "no port")])
    }

    @Test("texts are cut between characters, never within") func longTexts() throws {
        let reason = String(repeating: "é", count: 300)
        let imported = try roundTrip(ScriptedBackend(name: "wordy", answer: .declined(reason)))
        guard case .declined(let told) = try imported[0].makeSocket(type: .stream, protocolNumber: .any) else {
            throw TestFailure("it does not decline")
        }
        #expect(told == String(repeating: "é", count: 127))
    }

    @Test("a library with Swift in it asks to stay in memory") func stays() {
        let table = ExportedPlugin([ScriptedBackend(name: "x")]).table
        #expect(table.pointee.flags & IRSOCK_PLUGIN_STAYS != 0)
        #expect(table.pointee.version == IRSOCK_PLUGIN_VERSION)
    }

    @Test("no table, and an empty one, are refused") func nothing() {
        let none = #expect(throws: SocketError.self) { try PluginBackend.backends(of: nil) }
        #expect(none?.code == .WSAEPROVIDERFAILEDINIT)
        let empty = #expect(throws: SocketError.self) { try PluginBackend.backends(of: ExportedPlugin([]).table) }
        #expect(empty?.code == .WSAEINVALIDPROCTABLE)
    }
}
