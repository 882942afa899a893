import Glibc
import IrDAProtocol
import SystemPackage
import TestSupport
import Testing

/// Programs, the service and the medium are killed at random points; nothing hangs, and nothing is left behind.
@Suite(.serialized, .timeLimit(.minutes(30))) struct KillTests {
    /// So many kills share a room; the last of them is the medium's, and with it the services'.
    private static let killsARoom = 4

    @Test(
        "whoever is killed, the others end, say why if it is not what they wanted, and leave nothing behind",
        arguments: 0..<UInt64((KillPoint.count + killsARoom - 1) / killsARoom))
    func kill(seed: UInt64) async throws {
        let room = try await KillRoom(seed: seed)
        do {
            for _ in 1..<Self.killsARoom { try await room.killProgram() }
            try await room.killMedium()
            try await room.close()
        } catch {
            await room.abandon()
            throw error
        }
    }
}

/// A simulated room in which programs are killed, and at last the room itself.
private final class KillRoom {
    private enum Kind: CaseIterable {
        /// One of irsock's programs listens, and one connects.
        case irsock
        /// The same, as programs that know only the kernel's AF_IRDA.
        case unmodified
        /// One connects to a device whose service is a program.
        case service
    }

    private let seed: UInt64
    private var generator: SeededGenerator
    private let scratch: Scratch
    private var medium: LiveProgram
    private let laptop: ObservedStation
    private let pda: ObservedStation
    private var descriptors = 0
    private var programs: [LiveProgram] = []

    private static let scenario = """
        station: { name: laptop }
        devices:
          - { name: pda, hints: [PDA] }
          - { name: Box, services: [{ class: Cat, behaviour: "exec:cat" }] }
        """
    private static let inputSize = 200_000
    private static let lastPoint = 100_000

    init(seed: UInt64) async throws {
        self.seed = seed
        generator = SeededGenerator(seed: seed)
        scratch = try Scratch()
        _ = try scratch.write(Self.scenario, as: "room.yaml")
        laptop = try ObservedStation("laptop", in: scratch)
        pda = try ObservedStation("pda", in: scratch)
        medium = LiveProgram("medium", ["simulate", scratch.file("room.yaml")], in: scratch)
        try await waitUntil("the medium is ready") { medium.text.hasPrefix("Ready") || medium.hasEnded }
        // What the first program of each kind brings about stays.
        let first = LiveProgram(
            "first", ["connect", "irda", "Box/Cat", "--station", "laptop"], in: scratch, input: Bytes([1]))
        #expect(try await first.outcome().output == Bytes([1]))
        try await waitUntil("the first has gone") { try laptop.isUnused() && pda.isUnused() && children.isEmpty }
        descriptors = medium.process.map(ProcessTable.descriptorCount) ?? 0
    }

    private var children: [pid_t] { medium.process.map(ProcessTable.children) ?? [] }

    // MARK: Kills

    func killProgram() async throws {
        let (conversation, kind) = try begin()
        let victim = Bool.random(using: &generator) ? conversation.caller : conversation.listener ?? conversation.caller
        let story = try await reachPoint(of: conversation, kind, victim)
        try await victim.send(SIGKILL)
        if victim === conversation.caller {
            try await conversation.stopWaiting(story) { try pda.onlyListens() && laptop.isUnused() }
        }
        try await conversation.checkEnds(but: victim, story)
        guard try await becomesTrue({ try whatIsLeft().isEmpty }) else {
            throw TestFailure("\(story): left are \(try whatIsLeft().joined(separator: ", "))")
        }
    }

    /// What nobody needs any more, and is still there.
    private func whatIsLeft() throws -> [String] {
        let open = medium.process.map(ProcessTable.descriptorCount) ?? 0
        return try [laptop, pda].flatMap { try $0.users() } + children.map { "process \($0)" }
            + (open > descriptors ? ["\(open) descriptors instead of \(descriptors)"] : [])
    }

    func killMedium() async throws {
        let (conversation, kind) = try begin()
        let story = try await reachPoint(of: conversation, kind, medium)
        let services = children
        try await medium.send(SIGKILL)
        try await conversation.checkEnds(but: nil, story)
        try await waitUntil("\(story): the programs of its services have ended") {
            services.allSatisfy(ProcessTable.hasEnded)
        }
    }

    private func begin() throws -> (KilledConversation, Kind) {
        let kind = Kind.allCases.randomElement(using: &generator) ?? .irsock
        let bytes = Bytes.random(Self.inputSize, seed: generator.next())
        let irsock = Program.irsockPath.string
        func start(_ name: String, _ words: [String], on station: String, input: Bytes = Bytes()) -> LiveProgram {
            let arguments =
                kind == .unmodified
                ? ["run", "--station", station, "--", irsock] + words + ["--provider", "kernel"]
                : words + ["--station", station]
            let program = LiveProgram(name, arguments, in: scratch, input: input)
            programs.append(program)
            return program
        }
        let target = kind == .service ? "Box/Cat" : "pda/Notes"
        let listener = kind == .service ? nil : start("listener", ["listen", "irda", "Notes"], on: "pda")
        return (
            KilledConversation(
                caller: start("caller", ["connect", "irda", target], on: "laptop", input: bytes), listener: listener,
                bytes: bytes), kind
        )
    }

    /// - Returns: what has happened, for complaints.
    private func reachPoint(
        of conversation: KilledConversation, _ kind: Kind, _ victim: LiveProgram
    ) async throws -> String {
        let point = KillPoint.random(upTo: Self.lastPoint, using: &generator)
        let story = "seed \(seed), \(kind): the \(victim.name) killed at \(point)"
        try await conversation.reach(point, on: laptop, since: try laptop.counters())
        return story
    }

    // MARK: The end

    /// Another medium takes the place of the one that was killed, and ends in good order.
    func close() async throws {
        medium = LiveProgram("next medium", ["simulate", scratch.file("room.yaml")], in: scratch)
        try await waitUntil("the next medium is ready") { medium.text.hasPrefix("Ready") || medium.hasEnded }
        try await medium.send(SIGTERM)
        let outcome = try await medium.outcome()
        #expect(outcome.exitCode == 0, "seed \(seed): \(outcome.errors)")
        #expect(!laptop.isThere && !pda.isThere, "seed \(seed): a socket is left")
    }

    /// Ends whatever a failure has left.
    func abandon() async {
        for program in programs + [medium] { try? await program.send(SIGKILL) }
    }
}
