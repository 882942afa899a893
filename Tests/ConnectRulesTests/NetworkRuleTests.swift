import InternetBackend
import SocketBackends
import Testing

/// What programs are told on a network that is not in order. Each test is a scenario in a network namespace of its own; each line of its report is one
/// of the places in which the rule has to hold.
@Suite("Connect rules: real networks, out of order")
struct NetworkRuleTests {
    /// Compares a report that has the same codes for all places of a type.
    private func expect(
        _ scenario: String, streams: [WSAErrorCode], datagrams: [WSAErrorCode] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let rows = [(Place.streams, streams), (Place.datagrams, datagrams)].filter { !$0.1.isEmpty }
        let expected = rows.flatMap { places, codes in
            places.map { "\($0.testDescription): \(codes.map(\.name).joined(separator: " "))" }
        }
        #expect(try await NetworkScenario.play(scenario) == expected, sourceLocation: sourceLocation)
    }

    @Test(
        "R17, R18, R21, R33 there is no way: the same again, and then a connection with the same socket",
        arguments: [
            ("no-route", WSAErrorCode.WSAENETUNREACH), ("unreachable", .WSAEHOSTUNREACH), ("prohibited", .WSAEACCES),
            ("blackhole", .WSAENETUNREACH),
        ])
    func noWay(scenario: String, code: WSAErrorCode) async throws {
        let codes = [code, code, .NO_ERROR]
        try await expect(scenario, streams: codes, datagrams: codes)
    }

    @Test("R17, R33 a router says that there is no way")
    func router() async throws {
        try await expect(
            "router", streams: [.WSAENETUNREACH, .WSAENETUNREACH, .NO_ERROR],
            datagrams: [.NO_ERROR, .NO_ERROR, .NO_ERROR])
    }

    @Test("R18, R33 nobody answers when asked for the link address")
    func noNeighbour() async throws {
        try await expect(
            "no-neighbour", streams: [.WSAEHOSTUNREACH, .WSAEHOSTUNREACH, .NO_ERROR],
            datagrams: [.NO_ERROR, .NO_ERROR, .NO_ERROR])
    }

    @Test("R20, R33 a silent host, which is a time-out and no WSAECONNABORTED the next time")
    func silence() async throws {
        try await expect(
            "silence", streams: [.WSAETIMEDOUT, .WSAETIMEDOUT, .NO_ERROR], datagrams: [.NO_ERROR, .NO_ERROR, .NO_ERROR])
    }

    @Test("R20, R24a SO_SNDTIMEO does not end a connect")
    func sendTimeout() async throws {
        try await expect("send-timeout", streams: [.WSAEHOSTUNREACH])
    }

    @Test("R16 no local port is left, until a connection ends")
    func exhaustedPorts() async throws {
        try await expect("exhausted-ports", streams: [.WSAENOBUFS, .WSAENOBUFS, .NO_ERROR])
    }

    @Test("R19 an attempt that would meet itself at its own local port is refused")
    func meetingOneself() async throws {
        try await expect("meeting-oneself", streams: [.WSAECONNREFUSED, .WSAECONNREFUSED])
    }

    @Test("R12, R41 the local address follows the peer from link to link")
    func twoLinks() async throws {
        let expected = Place.datagrams.map { place in
            let (here, there) = place.version == .v4 ? ("127.0.0.1", "192.0.2.1") : ("[::1]", "[2001:db8:2::1]")
            return "\(place.testDescription): NO_ERROR \(here) NO_ERROR \(there) NO_ERROR \(here)"
        }
        #expect(try await NetworkScenario.play("two-links") == expected)
    }
}
