import Testing

@testable import IrDAProtocol

/// One stack in virtual time, and a peer that a test scripts at the level of IrLMP.
///
/// Below that level the peer behaves: it answers or gives polls, counts frames, and loses nothing, unless it is told to be
/// silent. What passes between the two is written down.
struct StackDriver {
    static let address = DeviceAddress(rawValue: 0x1234_5678)
    static let peer = DeviceAddress(rawValue: 0x9ABC_DEF1)
    static let record = DiscoveryRecord(address: peer, info: DeviceInfo(name: "Printer-B", hints: .printer))

    /// What the peer says to a PDU of ours.
    typealias Script = (_ pdu: [UInt8]) -> [String]

    private enum Happening {
        case ownLightEnds([IrLAPFrame])
        case peerSends([[UInt8]])
        case timer(IrDAStackTimer)
    }

    var stack: IrDAStack
    private(set) var now = IrDAInstant.start
    private(set) var timers: [IrDAStackTimer: IrDAInstant] = [:]
    private(set) var events: [IrDAEvent] = []
    /// The PDUs of IrLMP that the stack has sent.
    private(set) var sent: [[UInt8]] = []
    /// The U frames that the stack has sent in a connection or for one.
    private(set) var unnumbered: [UnnumberedKind] = []
    /// The peer hears and says nothing while this is set.
    var isPeerSilent = false
    /// The peer takes no data, and says RNR.
    var isPeerBusy: Bool {
        get { peer.isBusy }
        set { peer.isBusy = newValue }
    }
    private var peer: ScriptedPeer
    private var agenda: [(moment: IrDAInstant, happening: Happening)] = []

    init(script: @escaping Script = { _ in [] }) {
        var parameters = NegotiationParameters.standard
        parameters.disconnectTimes = [.s3, .s8]
        stack = IrDAStack(
            configuration: IrDAStack.Configuration(
                address: Self.address, name: "Computer", hints: .computer, parameters: parameters),
            seed: 1, at: .start)
        peer = ScriptedPeer(script: script)
    }

    // MARK: What a test does

    /// Asks something of the stack.
    @discardableResult
    mutating func ask<Result>(_ request: (inout IrDAStack, IrDAInstant) -> (Result, [IrDAStackAction])) -> Result {
        let (result, actions) = request(&stack, now)
        carryOut(actions)
        return result
    }

    mutating func tell(_ request: (inout IrDAStack, IrDAInstant) -> [IrDAStackAction]) {
        ask { ((), request(&$0, $1)) }
    }

    mutating func connect(to target: IrDATarget) -> IrDAConnectionID {
        ask { $0.connect(to: target, at: Self.peer, now: $1) }
    }

    /// Lets the peer say something of its own accord, over the link that is up.
    mutating func say(_ pdu: String) { peer.queue.append(hex(pdu)) }

    /// Lets the peer set up a link and poll it.
    mutating func peerConnects() {
        agenda.append((now, .peerSends([peer.connect()])))
        run(for: .milliseconds(200))
    }

    /// Lets a frame arrive, from whomever.
    mutating func receive(_ frame: [UInt8]) {
        carryOut(stack.received(frame, at: now))
    }

    mutating func takeEvents() -> [IrDAEvent] {
        defer { events = [] }
        return events
    }

    /// Runs for a time.
    mutating func run(for duration: Duration) { _ = run(for: duration) { _ in false } }

    /// Runs until something holds, but not longer than `duration`.
    @discardableResult
    mutating func run(for duration: Duration = .seconds(60), until holds: (StackDriver) -> Bool) -> Bool {
        let limit = now.advanced(by: duration)
        while !holds(self) {
            guard step(until: limit) else {
                now = limit
                return holds(self)
            }
        }
        return true
    }

    /// Runs until the stack has sent so many PDUs.
    mutating func run(untilSent count: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        let done = run { $0.sent.count >= count }
        #expect(done, "only \(sent.count) PDUs were sent", sourceLocation: sourceLocation)
    }

    // MARK: The works

    private mutating func step(until limit: IrDAInstant) -> Bool {
        let timer = timers.min { ($0.value, "\($0.key)") < ($1.value, "\($1.key)") }
        let next = agenda.indices.min { agenda[$0].moment < agenda[$1].moment }
        if let next, agenda[next].moment <= timer?.value ?? limit, agenda[next].moment <= limit {
            let (moment, happening) = agenda.remove(at: next)
            now = max(now, moment)
            take(happening)
        } else if let timer, timer.value <= limit {
            now = max(now, timer.value)
            timers[timer.key] = nil
            take(.timer(timer.key))
        } else {
            return false
        }
        return true
    }

    private mutating func take(_ happening: Happening) {
        switch happening {
        case .timer(let timer):
            carryOut(stack.timerFired(timer, at: now))
        case .peerSends(let frames):
            guard !isPeerSilent else { break }
            for frame in frames { carryOut(stack.received(frame, at: now)) }
        case .ownLightEnds(let frames):
            carryOut(stack.transmissionEnded(at: now))
            guard !isPeerSilent else { break }
            if let answer = peer.receive(frames) {
                agenda.append((now.advanced(by: .milliseconds(15)), .peerSends(answer)))
            }
        }
    }

    /// Whoever carries out actions may rely on this: one transmission at a time, and P/F on its last frame alone.
    private func check(_ frames: [IrLAPFrame]) {
        let isSending = agenda.contains { if case .ownLightEnds = $0.happening { true } else { false } }
        #expect(!isSending, "a transmission began before the last had ended: \(frames)")
        if frames.count == 1, frames[0].bytes.prefix(2) == [0xFF, 0x03] { return }  // A broadcast wants no answer.
        #expect(
            frames.last?.control.pollFinal == true && frames.dropLast().allSatisfy { !$0.control.pollFinal },
            "\(frames)")
    }

    private mutating func carryOut(_ actions: [IrDAStackAction]) {
        for action in actions {
            switch action {
            case .transmit(let transmissions):
                let frames = transmissions.map(\.frame)
                check(frames)
                for frame in frames {
                    switch frame.control {
                    case .information: sent.append(frame.information)
                    case .unnumbered(let kind, _): unnumbered.append(kind)
                    case .supervisory: break
                    }
                }
                agenda.append((now.advanced(by: .milliseconds(5)), .ownLightEnds(frames)))
            case .setBaudRate: break
            case .setTimer(let timer, let moment): timers[timer] = moment
            case .cancelTimer(let timer): timers[timer] = nil
            case .event(let event): events.append(event)
            }
        }
    }
}
