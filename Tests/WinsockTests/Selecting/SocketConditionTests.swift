import SocketBackends
import Testing

@testable import Winsock

/// Table 4.1 as far as it can be told without a socket: what each state and readiness amount to.
@Suite("How a socket stands")
struct SocketConditionTests {
    typealias Row = (SocketCondition, SelectConditions, PollEvents)

    private static func connected(
        _ arrival: SocketCondition.Arrival = .nothing, isUrgent: Bool = false, isBroken: Bool = false
    ) -> SocketCondition {
        SocketCondition(
            phase: .connected, arrival: arrival, hasRoom: true, hasUrgentData: isUrgent, isBroken: isBroken)
    }

    static let rows: [Row] = [
        (SocketCondition(phase: .idle), [], []),
        (SocketCondition(phase: .idle, arrival: .something, hasRoom: true, isBroken: true), [], []),
        (SocketCondition(phase: .idle, hasFailedConnect: true), .except, [.write, .hangUp, .error]),
        (SocketCondition(phase: .connecting, hasRoom: true), [], []),
        (SocketCondition(phase: .listening), [], []),
        (SocketCondition(phase: .listening, arrival: .something, hasRoom: true), .read, .readNormal),
        (
            SocketCondition(phase: .listening, arrival: .something, hasFailedConnect: true), [.read, .except],
            [.write, .hangUp, .error]
        ),
        (connected(), .write, .write),
        (connected(.something), [.read, .write], [.readNormal, .write]),
        (connected(.end(.NO_ERROR)), [.read, .write], [.readNormal, .write, .hangUp]),
        (
            connected(.end(.WSAECONNRESET), isBroken: true), [.read, .write], [.readNormal, .write, .hangUp, .error]
        ),
        (connected(.something, isBroken: true), [.read, .write], [.readNormal, .write, .hangUp]),
        (connected(isUrgent: true), [.write, .except], [.readBand, .write]),
        (SocketCondition(phase: .datagram(isBound: false), hasRoom: true), .write, .write),
        (
            SocketCondition(phase: .datagram(isBound: true), arrival: .something, hasRoom: true, isBroken: true),
            [.read, .write], [.readNormal, .write]
        ),
    ]

    @Test("select and WSAPoll", arguments: rows)
    func conditions(condition: SocketCondition, sets: SelectConditions, events: PollEvents) {
        #expect(condition.selectConditions == sets)
        #expect(condition.pollEvents(among: .requestable) == events)
        let always: PollEvents = condition.hasFailedConnect ? [.write, .error, .hangUp] : [.error, .hangUp]
        #expect(condition.pollEvents(among: []) == events.intersection(always))
    }

    @Test("each state of the life cycle", arguments: Station.allCases)
    func phases(station: Station) throws {
        let life = try station.lifecycle()
        let expected: SocketCondition.Phase =
            switch station {
            case .unconnected, .starting, .failed, .openingListener, .abandoned: .idle
            case .connecting: .connecting
            case .connected: .connected
            case .listening: .listening
            case .datagram, .datagramWithPeer, .datagramDissolved: .datagram(isBound: true)
            }
        #expect(life.phase(isBound: true) == expected)
        #expect(life.hasFailedConnect == (station == .failed))
    }

    @Test("D22, R33: a failed attempt shows until a new one starts, and on a listener still")
    func failedAttempt() throws {
        var life = try Station.failed.lifecycle()
        try life.beginListening(for: "test")
        life.endListening(succeeded: true)
        #expect(life.hasFailedConnect)
        life = try Station.failed.lifecycle()
        let attempt = try life.start(.pending)
        #expect(!life.hasFailedConnect)
        life.succeeded(attempt, peer: nil)
        #expect(!life.hasFailedConnect)
    }
}
