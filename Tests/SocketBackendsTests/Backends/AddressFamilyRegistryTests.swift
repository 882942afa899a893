import SocketBackends
import Testing

@Suite("The registry of address families")
struct AddressFamilyRegistryTests {
    private func makerOfSocket(in registry: AddressFamilyRegistry) throws -> String {
        try registry.makeSocket(family: .irda, type: .stream).kind.transport
    }

    @Test("backends are asked in the order of registration")
    func order() throws {
        let registry = try AddressFamilyRegistry([ScriptedBackend(name: "first"), ScriptedBackend(name: "second")])
        #expect(try makerOfSocket(in: registry) == "first transport")
        try registry.register(ScriptedBackend(name: "zeroth"), before: "first")
        #expect(registry.backends.map(\.name) == ["zeroth", "first", "second"])
        #expect(try makerOfSocket(in: registry) == "zeroth transport")
    }

    @Test("after one that declines the next is asked")
    func declined() throws {
        let registry = try AddressFamilyRegistry([
            ScriptedBackend(name: "absent", answer: .declined("no kernel support")), ScriptedBackend(name: "present"),
        ])
        #expect(try makerOfSocket(in: registry) == "present transport")
    }

    @Test("if all decline, the error carries every reason")
    func allDeclined() throws {
        let registry = try AddressFamilyRegistry([
            ScriptedBackend(name: "kernel", answer: .declined("no kernel support")),
            ScriptedBackend(name: "service", answer: .declined("no service at /run")),
            ScriptedBackend(name: "other", family: .bluetooth, answer: .declined("not asked")),
        ])
        let error = try #require(throws: SocketError.self) { try makerOfSocket(in: registry) }
        #expect(error.code == .WSAEAFNOSUPPORT)
        #expect(error.description.contains("kernel: no kernel support; service: no service at /run"))
        #expect(error.description.contains("not asked") == false)
    }

    @Test("one that throws decides, and nobody after it is asked")
    func thrown() throws {
        let registry = try AddressFamilyRegistry([
            ScriptedBackend(name: "strict", answer: .thrown(.WSAEPROTOTYPE)), ScriptedBackend(name: "never"),
        ])
        let error = #expect(throws: SocketError.self) { try makerOfSocket(in: registry) }
        #expect(error?.code == .WSAEPROTOTYPE)
    }

    @Test("a family without a backend is WSAEAFNOSUPPORT")
    func nobody() throws {
        let error = try #require(throws: SocketError.self) { try makerOfSocket(in: AddressFamilyRegistry()) }
        #expect(error.code == .WSAEAFNOSUPPORT)
        #expect(error.description.contains("no backend serves this family"))
        let lookUp = #expect(throws: SocketError.self) { try AddressFamilyRegistry().resolve("x", family: .irda) }
        #expect(lookUp?.code == .WSAEAFNOSUPPORT)
    }

    @Test("a name is taken once, and only a registered one can be gone before")
    func names() throws {
        let registry = try AddressFamilyRegistry([ScriptedBackend(name: "first")])
        let twice = #expect(throws: SocketError.self) { try registry.register(ScriptedBackend(name: "first")) }
        #expect(twice?.code == .WSAEALREADY)
        let before = #expect(throws: SocketError.self) {
            try registry.register(ScriptedBackend(name: "second"), before: "third")
        }
        #expect(before?.code == .WSAEINVAL)
        #expect(before?.advice.contains("first") == true)
        #expect(registry.backends.map(\.name) == ["first"])
    }

    @Test("families are found by name, and a wrong name is answered with the right ones")
    func families() throws {
        let registry = try AddressFamilyRegistry([
            ScriptedBackend(name: "a"), ScriptedBackend(name: "b"),
            ScriptedBackend(name: "c", family: .inet, familyName: "inet"),
        ])
        #expect(try registry.family(named: "inet") == .inet)
        #expect(registry.backends(of: .irda).map(\.name) == ["a", "b"])
        let error = #expect(throws: SocketError.self) { try registry.family(named: "ipx") }
        #expect(error?.code == .WSAEAFNOSUPPORT)
        #expect(error?.advice == "Registered are: irda, inet.")
    }

    @Test("text is read by the first backend that is available")
    func resolve() throws {
        let registry = try AddressFamilyRegistry([
            ScriptedBackend(name: "absent", availability: .unavailable(reason: "no port")),
            ScriptedBackend(name: "present"),
        ])
        let address = try registry.resolve("Phone/OBEX", family: .irda)
        #expect(registry.describe(address) == "present/Phone/OBEX")
    }

    @Test("if none is available, reading text fails with every reason")
    func resolveNowhere() throws {
        let registry = try AddressFamilyRegistry([
            ScriptedBackend(name: "absent", availability: .unavailable(reason: "no port"))
        ])
        let error = try #require(throws: SocketError.self) { try registry.resolve("Phone/OBEX", family: .irda) }
        #expect(error.code == .WSAEAFNOSUPPORT)
        #expect(error.description.contains("absent: no port"))
    }

    @Test("an address of an unknown family is printed as digits")
    func describeUnknown() {
        let address = SocketAddress(family: AddressFamily(rawValue: 77), payload: [0x0A, 0xFF])
        #expect(AddressFamilyRegistry().describe(address) == "address family 77 0aff")
    }

    @Test("the catalogue lists what can and what cannot be had")
    func catalogue() throws {
        let registry = try AddressFamilyRegistry([
            ScriptedBackend(name: "absent", availability: .unavailable(reason: "no port")),
            ScriptedBackend(name: "present"),
        ])
        #expect(registry.catalogue.map(\.backend) == ["absent", "present"])
        #expect(registry.catalogue.map(\.availability) == [.unavailable(reason: "no port"), .available])
        #expect(registry.catalogue.map(\.entry.isConnectionOriented) == [true, true])
    }
}
