import Glibc
import IrDAProtocol
import SystemPackage
import TestSupport
import Testing

/// Services on the two ends of a line, their programs and the line itself are killed at random points, in real time.
@Suite(.serialized, .timeLimit(.minutes(30))) struct KillServeTests {
    enum Victim: CaseIterable, Sendable {
        case caller, listener, nearService, farService, line
    }

    /// One in five of the points is on a line, and a seed has as many as there are victims.
    private static let seeds = 0..<UInt64(max(1, KillPoint.count / 5 / Victim.allCases.count))

    /// A service that was killed is missed when the link's time is over, 40 s; so all victims of a seed have rooms at once.
    @Test(
        "whoever is killed, the others end, say why if it is not what they wanted, and leave nothing behind",
        arguments: seeds)
    func kill(seed: UInt64) async throws {
        try await withThrowingTaskGroup { group in
            for victim in Victim.allCases {
                group.addTask {
                    let room = try await ServedLine(seed: seed, victim)
                    do {
                        try await room.kill()
                    } catch {
                        throw TestFailure("\(room.story): \(error) \(try await room.abandon())")
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// A line with a service on each of its ends.
private struct ServedLine {
    let victim: KillServeTests.Victim
    let story: String
    private let point: KillPoint
    private let scratch: Scratch
    private let line: LiveProgram
    private let near: LiveProgram
    private let far: LiveProgram
    private let desk: ObservedStation
    private let phone: ObservedStation
    private let bytes: Bytes

    init(seed: UInt64, _ victim: KillServeTests.Victim) async throws {
        var generator = SeededGenerator(
            seed: seed &* 5 &+ UInt64(KillServeTests.Victim.allCases.firstIndex(of: victim) ?? 0))
        self.victim = victim
        point = .random(upTo: 8_000, using: &generator)
        bytes = .random(20_000, seed: seed)
        story = "seed \(seed): \(victim) killed at \(point)"
        scratch = try Scratch()
        let script = try scratch.write(ServeTests.cable, as: "cable.py")
        let line = LiveProgram("line", [script], of: .python, in: scratch, keepsInputOpen: true)
        try await waitUntil("\(story): a line") { line.text.hasSuffix("\n") || line.hasEnded }
        let names = line.text.split { $0 == " " || $0 == "\n" }.map(String.init)
        try #require(names.count == 2, "\(line.text)")
        self.line = line
        // By names of their own: when a terminal is gone the kernel gives its name to the next, which may be another room's.
        for (name, end) in zip(names, ["near", "far"]) {
            guard symlink(name, scratch.file(end)) == 0 else { throw Errno(rawValue: errno) }
        }
        near = Self.serve("desk", on: scratch.file("near"), in: scratch)
        far = Self.serve("phone", on: scratch.file("far"), in: scratch)
        desk = try ObservedStation("desk", in: scratch)
        phone = try ObservedStation("phone", in: scratch)
        for service in [near, far] { try await Self.isReady(service) }
    }

    private static func serve(_ name: String, on port: String, in scratch: Scratch) -> LiveProgram {
        LiveProgram(name, ["serve", "--port", "serial:\(port)", "--name", name], in: scratch)
    }

    private static func isReady(_ service: LiveProgram) async throws {
        try await waitUntil("the \(service.name) is ready") { service.text.hasPrefix("Ready") || service.hasEnded }
        if service.hasEnded { throw TestFailure("the \(service.name): \(try await service.outcome().errors)") }
    }

    func kill() async throws {
        let before = try desk.counters()
        let descriptors = [near, far].map { $0.process.map(ProcessTable.descriptorCount) ?? 0 }
        let listener = LiveProgram("listener", ["listen", "irda", "Notes", "--station", "phone"], in: scratch)
        let caller = LiveProgram(
            "caller", ["connect", "irda", "phone/Notes", "--station", "desk"], in: scratch, input: bytes)
        let conversation = KilledConversation(caller: caller, listener: listener, bytes: bytes)
        try await conversation.reach(point, on: desk, since: before)
        let killed: LiveProgram =
            switch victim {
            case .caller: caller
            case .listener: listener
            case .nearService: near
            case .farService: far
            case .line: line
            }
        if victim == .line { for end in ["near", "far"] { unlink(scratch.file(end)) } }
        try await killed.send(SIGKILL)
        switch victim {
        case .caller, .nearService, .line: try await conversation.stopWaiting(story) { try phone.onlyListens() }
        case .listener, .farService: break
        }
        try await conversation.checkEnds(but: killed, story)
        for (service, station) in [(near, desk), (far, phone)] where service !== killed {
            let before = descriptors[service === near ? 0 : 1]
            try await waitUntil("\(story): nothing is left") {
                try station.isUnused()
                    && service.process.map(ProcessTable.descriptorCount) ?? 0 <= before + Self.permanent
            }
        }
        if victim == .nearService { try await nextService() }
        try await close(but: killed)
    }

    /// One for the test itself, and what watches programs from the first on.
    private static let permanent = 2

    /// A service takes the place of one that was killed.
    private func nextService() async throws {
        let next = Self.serve("desk", on: scratch.file("near"), in: scratch)
        try await Self.isReady(next)
        try await next.send(SIGTERM)
        #expect(try await next.outcome().exitCode == 0, "\(story)")
    }

    private func close(but killed: LiveProgram) async throws {
        for service in [near, far] where service !== killed {
            try await service.send(SIGTERM)
            let outcome = try await service.outcome()
            #expect(outcome.exitCode == 0, "\(story): \(outcome.errors)")
            #expect(outcome.errors.contains("The port is lost") == (victim == .line), "\(story): \(outcome.errors)")
        }
        if killed !== line { try await line.send(SIGTERM) }
        #expect(victim == .farService || !phone.isThere, "\(story): a socket is left")
        #expect(victim == .nearService || !desk.isThere, "\(story): a socket is left")
    }

    /// Ends whatever a failure has left; answers what the services have said.
    func abandon() async throws -> String {
        var said = ""
        for program in [near, far, line] {
            try await program.send(SIGTERM)
            let outcome = try await program.outcome()
            said += "\(program.name): \(outcome.exitCode.map { "\($0)" } ?? "killed") \(outcome.errors) "
        }
        return said
    }
}
