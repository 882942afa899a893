import SocketBackends
import Testing

@testable import Winsock

/// What happens to a record, and what it is to answer.
struct RecordScript: Sendable, CustomTestStringConvertible {
    enum Step: Sendable {
        case select(NetworkEvents, NetworkEventRecord.Style)
        case connectStarted
        /// The end of an attempt, and what it makes the record report at once.
        case connectEnded(WSAErrorCode, isKnown: Bool = false, [NetworkEventRecord.Action])
        case called(NetworkEventRecord.Call)
        /// A look at the socket, and all that comes of it.
        case observe(SocketCondition, [NetworkEventRecord.Action])
        /// The program reads the record, and finds these.
        case enumerate([NetworkEvent: WSAErrorCode])
    }

    let testDescription: String
    let steps: [Step]

    init(_ description: String, _ steps: Step...) {
        testDescription = description
        self.steps = steps
    }

    func run() {
        var record = NetworkEventRecord()
        for (number, step) in steps.enumerated() {
            let comment: Comment = "step \(number): \(step)"
            switch step {
            case .select(let events, let style):
                record.select(events, style)
            case .connectStarted:
                record.connectStarted()
            case .connectEnded(let code, let isKnown, let expected):
                let actions = record.connectEnded(code, isKnown: isKnown)
                #expect(actions == expected, comment)
            case .called(let call):
                record.called(call)
            case .observe(let condition, let expected):
                let actions = record.observe(condition)
                #expect(actions == expected, comment)
            case .enumerate(let expected):
                let report = record.enumerate()
                for event in NetworkEvent.allCases { #expect(report.code(of: event) == expected[event], comment) }
                #expect(report.events == expected.keys.reduce(into: []) { $0.insert(NetworkEvents($1)) }, comment)
            }
        }
    }
}

@Suite("The record of network events")
struct NetworkEventRecordTests {
    static let idle = SocketCondition(phase: .idle)
    static let connecting = SocketCondition(phase: .connecting)
    static let open = SocketCondition(phase: .connected, hasRoom: true)
    static let full = SocketCondition(phase: .connected)
    static let data = SocketCondition(phase: .connected, arrival: .something, hasRoom: true)
    static let urgent = SocketCondition(phase: .connected, hasRoom: true, hasUrgentData: true)
    static let ended = SocketCondition(phase: .connected, arrival: .end(.NO_ERROR), hasRoom: true)
    static let listening = SocketCondition(phase: .listening)
    static let offered = SocketCondition(phase: .listening, arrival: .something)
    static let unbound = SocketCondition(phase: .datagram(isBound: false), hasRoom: true)
    static let bound = SocketCondition(phase: .datagram(isBound: true), hasRoom: true)

    static func broken(_ code: WSAErrorCode) -> SocketCondition {
        SocketCondition(phase: .connected, arrival: .end(code), hasRoom: true, isBroken: true)
    }

    static let scripts: [RecordScript] = [
        RecordScript(
            "nothing selected, nothing told, and nothing watched",
            .observe(data, [.watch([])]), .connectStarted, .connectEnded(.NO_ERROR, []), .observe(open, [.watch([])]),
            .enumerate([:])),
        RecordScript(
            "R32, E6, windows 23: FD_CONNECT when the attempt ends, then FD_WRITE",
            .select(.all, .messages), .observe(idle, [.watch([])]), .connectStarted,
            .observe(connecting, [.watch(.writable)]), .connectEnded(.NO_ERROR, [.report(.connect, .NO_ERROR)]),
            .observe(open, [.report(.write, .NO_ERROR), .watch([.readable, .urgent])])),
        RecordScript(
            "E7, windows 26: a failure is FD_CONNECT with its code and nothing else, once",
            .select(.all, .eventObject), .connectStarted, .observe(connecting, [.watch(.writable)]),
            .connectEnded(.WSAECONNREFUSED, [.report(.connect, .WSAECONNREFUSED)]), .observe(idle, [.watch([])]),
            .enumerate([.connect: .WSAECONNREFUSED]), .select(.all, .eventObject), .observe(idle, [.watch([])]),
            .enumerate([:])),
        RecordScript(
            "D18: each attempt reports once",
            .select(.connect, .messages), .connectStarted,
            .connectEnded(.WSAETIMEDOUT, [.report(.connect, .WSAETIMEDOUT)]), .connectStarted,
            .observe(connecting, [.watch(.writable)]), .connectEnded(.NO_ERROR, [.report(.connect, .NO_ERROR)]),
            .observe(open, [.watch([])])),
        RecordScript(
            "windows 24: the event object learns of a connect that ended before, once; also if it is added to the events later",
            .connectStarted, .connectEnded(.NO_ERROR, []), .select([.write, .read], .eventObject),
            .observe(open, [.report(.write, .NO_ERROR), .watch(.readable)]), .enumerate([.write: .NO_ERROR]),
            .select([.write, .read, .connect], .eventObject),
            .observe(open, [.report(.connect, .NO_ERROR), .watch(.readable)]), .enumerate([.connect: .NO_ERROR]),
            .select([.write, .read, .connect], .eventObject), .observe(open, [.watch(.readable)])),
        RecordScript(
            "windows 24, 25: messages do not tell of a connect that ended before, but tell of room at every selection",
            .connectStarted, .connectEnded(.NO_ERROR, []), .select([.write, .connect], .messages),
            .observe(open, [.report(.write, .NO_ERROR), .watch([])]), .select([.write, .connect], .messages),
            .observe(open, [.report(.write, .NO_ERROR), .watch([])]), .observe(open, [.watch([])])),
        RecordScript(
            "windows 25: the same selection for an event object does not raise FD_CONNECT and FD_WRITE again",
            .select([.connect, .write], .eventObject), .connectStarted,
            .connectEnded(.NO_ERROR, [.report(.connect, .NO_ERROR)]),
            .observe(open, [.report(.write, .NO_ERROR), .watch([])]),
            .enumerate([.connect: .NO_ERROR, .write: .NO_ERROR]), .select([.connect, .write], .eventObject),
            .observe(open, [.watch([])])),
        RecordScript(
            "a selection empties the record, but what was not read is told again",
            .select(.all, .eventObject), .connectStarted, .connectEnded(.NO_ERROR, [.report(.connect, .NO_ERROR)]),
            .observe(open, [.report(.write, .NO_ERROR), .watch([.readable, .urgent])]),
            .select([.connect, .write], .eventObject), .enumerate([:]),
            .observe(open, [.report(.connect, .NO_ERROR), .report(.write, .NO_ERROR), .watch([])]),
            .enumerate([.connect: .NO_ERROR, .write: .NO_ERROR])),
        RecordScript(
            "E3: selecting nothing, and anew, tells of room and of the end again, but not of the connect",
            .select(.all, .eventObject), .connectStarted, .connectEnded(.NO_ERROR, [.report(.connect, .NO_ERROR)]),
            .observe(open, [.report(.write, .NO_ERROR), .watch([.readable, .urgent])]),
            .enumerate([.connect: .NO_ERROR, .write: .NO_ERROR]), .select([], .eventObject),
            .observe(open, [.watch([])]), .select(.all, .eventObject),
            .observe(open, [.report(.write, .NO_ERROR), .watch([.readable, .urgent])])),
        RecordScript(
            "a failure that a blocking connect has told of is not told again",
            .connectStarted, .connectEnded(.WSAECONNREFUSED, isKnown: true, []), .select(.connect, .eventObject),
            .observe(idle, [.watch([])]), .enumerate([:])),
        RecordScript(
            "a failure that nobody was told of is told at the next selection (3.6), unless a new attempt has begun",
            .connectStarted, .connectEnded(.WSAECONNREFUSED, []), .select(.connect, .eventObject),
            .observe(idle, [.report(.connect, .WSAECONNREFUSED), .watch([])]), .select([], .eventObject),
            .connectStarted, .connectEnded(.WSAECONNREFUSED, []), .connectStarted, .select(.connect, .eventObject),
            .observe(connecting, [.watch(.writable)])),
        RecordScript(
            "E5: data is told once, and again after a receive if there is more",
            .select(.read, .messages), .observe(open, [.watch(.readable)]),
            .observe(data, [.report(.read, .NO_ERROR), .watch([])]), .observe(data, [.watch([])]), .called(.accept),
            .called(.blockedSend), .observe(data, [.watch([])]), .called(.receive),
            .observe(data, [.report(.read, .NO_ERROR), .watch([])]), .called(.receive),
            .observe(open, [.watch(.readable)])),
        RecordScript(
            "room is told once, and again after a send that found none",
            .select(.write, .messages), .observe(full, [.watch(.writable)]),
            .observe(open, [.report(.write, .NO_ERROR), .watch([])]), .called(.receive), .observe(full, [.watch([])]),
            .observe(open, [.watch([])]), .called(.blockedSend), .observe(full, [.watch(.writable)]),
            .observe(open, [.report(.write, .NO_ERROR), .watch([])])),
        RecordScript(
            "urgent data is told once, and again after a receive",
            .select(.outOfBand, .messages), .observe(open, [.watch(.urgent)]),
            .observe(urgent, [.report(.outOfBand, .NO_ERROR), .watch([])]), .observe(urgent, [.watch([])]),
            .called(.receive), .observe(urgent, [.report(.outOfBand, .NO_ERROR), .watch([])])),
        RecordScript(
            "a waiting connection is told once, and again after an accept",
            .select(.accept, .messages), .observe(listening, [.watch(.readable)]),
            .observe(offered, [.report(.accept, .NO_ERROR), .watch([])]), .observe(offered, [.watch([])]),
            .called(.receive), .observe(offered, [.watch([])]), .called(.accept),
            .observe(offered, [.report(.accept, .NO_ERROR), .watch([])]), .called(.accept),
            .observe(listening, [.watch(.readable)])),
        RecordScript(
            "E4: a selection tells of data again that was told before",
            .select(.read, .eventObject), .observe(data, [.report(.read, .NO_ERROR), .watch([])]),
            .enumerate([.read: .NO_ERROR]), .select(.read, .eventObject),
            .observe(data, [.report(.read, .NO_ERROR), .watch([])])),
        RecordScript(
            "E9, E10, D13: the end is told when the queue is empty, as FD_CLOSE and not as FD_READ, once",
            .select([.read, .close], .messages), .observe(data, [.report(.read, .NO_ERROR), .watch([])]),
            .called(.receive), .observe(ended, [.report(.close, .NO_ERROR), .watch([])]), .called(.receive),
            .observe(ended, [.watch([])])),
        RecordScript(
            "D13: who selects only FD_CLOSE is told once the data was received",
            .select(.close, .messages), .observe(open, [.watch(.readable)]), .observe(data, [.watch([])]),
            .called(.receive), .observe(ended, [.report(.close, .NO_ERROR), .watch([])])),
        RecordScript(
            "E8, windows 29: a reset is WSAECONNABORTED", .select(.all, .messages),
            .observe(broken(.WSAECONNRESET), [.report(.close, .WSAECONNABORTED), .watch([])])),
        RecordScript(
            "E8: so is a time-out", .select(.all, .messages),
            .observe(broken(.WSAETIMEDOUT), [.report(.close, .WSAECONNABORTED), .watch([])])),
        RecordScript(
            "E8: a network that is down is told as such", .select(.all, .messages),
            .observe(broken(.WSAENETDOWN), [.report(.close, .WSAENETDOWN), .watch([])])),
        RecordScript(
            "a broken connection with data left is not watched, but looked at after each receive",
            .select([.read, .close, .outOfBand], .messages),
            .observe(
                SocketCondition(phase: .connected, arrival: .something, hasRoom: true, isBroken: true),
                [.report(.read, .NO_ERROR), .watch([])]), .called(.receive),
            .observe(broken(.WSAECONNRESET), [.report(.close, .WSAECONNABORTED), .watch([])])),
        RecordScript(
            "windows 28: a datagram socket is told of nothing before it is bound; then of room, once",
            .select(.all, .eventObject), .observe(unbound, [.watch([])]),
            .observe(bound, [.report(.write, .NO_ERROR), .watch(.readable)]), .observe(bound, [.watch(.readable)])),
        RecordScript(
            "R38, windows 28: each connect of a datagram socket is FD_CONNECT and FD_WRITE",
            .select(.all, .eventObject),
            .observe(bound, [.report(.write, .NO_ERROR), .watch(.readable)]), .enumerate([.write: .NO_ERROR]),
            .connectStarted, .connectEnded(.NO_ERROR, [.report(.connect, .NO_ERROR)]),
            .observe(bound, [.report(.write, .NO_ERROR), .watch(.readable)]),
            .enumerate([.connect: .NO_ERROR, .write: .NO_ERROR]), .connectStarted,
            .connectEnded(.NO_ERROR, [.report(.connect, .NO_ERROR)]),
            .observe(bound, [.report(.write, .NO_ERROR), .watch(.readable)])),
        RecordScript(
            "E11: a datagram socket has no end",
            .select(.all, .messages),
            .observe(
                SocketCondition(phase: .datagram(isBound: true), arrival: .something, hasRoom: true, isBroken: true),
                [.report(.write, .NO_ERROR), .report(.read, .NO_ERROR), .watch([])])),
        RecordScript(
            "a sequence learns of a connect that ended before, and of room at every selection",
            .connectStarted, .connectEnded(.NO_ERROR, []), .select([.connect, .write], .sequence),
            .observe(open, [.report(.connect, .NO_ERROR), .report(.write, .NO_ERROR), .watch([])]), .enumerate([:]),
            .select([.connect, .write], .sequence), .observe(open, [.report(.write, .NO_ERROR), .watch([])])),
    ]

    @Test("what is told, and what is watched for", arguments: scripts)
    func script(_ script: RecordScript) {
        script.run()
    }

    @Test("E13: an accepted socket inherits what is selected, not what happened")
    func inheritance() {
        var listener = NetworkEventRecord()
        listener.select([.accept, .write, .connect], .eventObject)
        _ = listener.observe(Self.offered)
        var accepted = NetworkEventRecord(inheriting: listener)
        #expect(accepted.enumerate() == NetworkEventReport())
        let actions = accepted.observe(Self.open)
        #expect(actions == [.report(.write, .NO_ERROR), .watch([])])
    }

    @Test("the bits are those of winsock2.h")
    func bits() {
        #expect(NetworkEvent.allCases.map { NetworkEvents($0).rawValue } == (0..<10).map { 1 << $0 })
        #expect(NetworkEvents(NetworkEvent.connect) == .connect && NetworkEvents.connect.rawValue == 0x10)
        #expect(NetworkEvents(rawValue: 0x31).events == [.read, .connect, .close])
        #expect(NetworkEvents.all.events == NetworkEvent.allCases)
    }
}
