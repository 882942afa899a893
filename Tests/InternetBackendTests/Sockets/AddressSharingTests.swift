import InternetBackend
import SocketBackends
import Testing

@Suite("Who may have a port: SO_REUSEADDR and SO_EXCLUSIVEADDRUSE")
struct AddressSharingTests {
    static let versions = InternetVersion.allCases
    static let types = [SocketType.stream, .datagram]

    /// What a socket asks for before `bind`.
    enum Wish: Sendable, CaseIterable {
        case nothing, toShare, toExclude

        var option: SocketOption? {
            switch self {
            case .nothing: nil
            case .toShare: .reuseAddress
            case .toExclude: .exclusiveAddressUse
            }
        }
    }

    private func socket(_ loopback: Loopback, _ type: SocketType, _ wish: Wish) throws -> any BackendSocket {
        let socket = try loopback.socket(type)
        if let option = wish.option { try socket.setOption(option, to: [1, 0, 0, 0]) }
        return socket
    }

    @Test(
        "the second socket on a port",
        arguments: [
            (Wish.nothing, Wish.nothing, WSAErrorCode.WSAEADDRINUSE), (.nothing, .toShare, .WSAEACCES),
            (.nothing, .toExclude, .WSAEADDRINUSE), (.toShare, .nothing, .WSAEADDRINUSE), (.toShare, .toShare, nil),
            (.toShare, .toExclude, .WSAEADDRINUSE), (.toExclude, .nothing, .WSAEADDRINUSE),
            (.toExclude, .toShare, .WSAEACCES), (.toExclude, .toExclude, .WSAEADDRINUSE),
        ] as [(Wish, Wish, WSAErrorCode?)], versions)
    func second(row: (first: Wish, second: Wish, code: WSAErrorCode?), version: InternetVersion) throws {
        for type in Self.types {
            let loopback = Loopback(version: version)
            let owner = try socket(loopback, type, row.first)
            try owner.bind(to: loopback.address(port: 0))
            let late = try socket(loopback, type, row.second)
            if let code = row.code {
                expect(code) { try late.bind(to: owner.localAddress()) }
            } else {
                try late.bind(to: owner.localAddress())
            }
        }
    }

    @Test("the two options exclude each other; clearing one makes way for the other", arguments: types)
    func exclusion(type: SocketType) throws {
        for (one, other) in [
            (SocketOption.reuseAddress, SocketOption.exclusiveAddressUse), (.exclusiveAddressUse, .reuseAddress),
        ] {
            let socket = try Loopback(version: .v4).socket(type)
            try socket.setOption(one, to: [1, 0, 0, 0])
            expect(.WSAEINVAL) { try socket.setOption(other, to: [1, 0, 0, 0]) }
            #expect(try socket.option(one, buffer: [0, 0, 0, 0]) == [1, 0, 0, 0])
            #expect(try socket.option(other, buffer: [0, 0, 0, 0]) == [0, 0, 0, 0])
            try socket.setOption(other, to: [0, 0, 0, 0])
            #expect(try socket.option(one, buffer: [0]) == [1])
            try socket.setOption(one, to: [0, 0, 0, 0])
            try socket.setOption(other, to: [1, 0, 0, 0])
            #expect(try socket.option(other, buffer: [0]) == [1])
        }
    }

    @Test("SO_EXCLUSIVEADDRUSE is for sockets that have no port yet", arguments: types)
    func afterBind(type: SocketType) throws {
        let socket = try Loopback(version: .v4).bound(type)
        expect(.WSAEINVAL) { try socket.setOption(.exclusiveAddressUse, to: [1]) }
        #expect(try socket.option(.exclusiveAddressUse, buffer: [0]) == [0])
        try socket.setOption(.exclusiveAddressUse, to: [0])
    }

    @Test("the number of SO_EXCLUSIVEADDRUSE is the complement of SO_REUSEADDR")
    func number() {
        #expect(SocketOption.exclusiveAddressUse.name.rawValue == -5)
        #expect(SocketOption.exclusiveAddressUse.level == .socket)
    }

    @Test("IPv4 and IPv6 have ports of their own, because IPV6_V6ONLY is on", arguments: types)
    func separateVersions(type: SocketType) throws {
        let v6 = try Loopback(version: .v6).socket(type)
        try v6.bind(to: Loopback(version: .v6).wildcard())
        let v4 = try Loopback(version: .v4).socket(type)
        try v4.bind(to: Loopback(version: .v4).wildcard(port: v6.localAddress().port))
    }
}
