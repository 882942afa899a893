import Glibc
import IrDAProtocol
import IrDAService
import TestSupport
import Testing

/// When somebody is killed: not after a time, which means another thing on every machine, but when something has happened.
enum KillPoint: CustomStringConvertible, Sendable {
    /// The caller's station has counted so many more of these.
    case counted(String, UInt64)
    /// The receiver has so many bytes.
    case received(Int)

    /// What a station counts while two programs meet and talk.
    private static let counters = [
        ("discoveries", 1), ("links", 1), ("queries asked", 1), ("connects attempted", 1), ("connections opened", 1),
        ("data PDUs sent", 40), ("frames sent", 100), ("requests", 10),
    ]

    /// A point of chance.
    ///
    /// - Parameter bytes: how many bytes the receiver gets at most.
    static func random(upTo bytes: Int, using generator: inout SeededGenerator) -> Self {
        guard Bool.random(using: &generator) else { return .received(Int.random(in: 0..<bytes, using: &generator)) }
        let (name, most) = counters[Int.random(in: counters.indices, using: &generator)]
        return .counted(name, UInt64.random(in: 1...UInt64(most), using: &generator))
    }

    var description: String {
        switch self {
        case .counted(let name, let count): "\(count) \(name)"
        case .received(let count): "\(count) bytes received"
        }
    }

    /// How many points are tried in all, from KILL_POINTS in the environment; 200 are what IrSock is measured by.
    static let count = max(1, getenv("KILL_POINTS").flatMap { Int(String(cString: $0)) } ?? 40)
}

/// A station of a service, as its test sees it.
struct ObservedStation: Sendable {
    let name: String
    private let client: ServiceClient
    private let path: String

    init(_ name: String, in directory: Scratch) throws {
        self.name = name
        path = ServiceDirectory(path: directory.path).socketPath(of: name)
        client = try ServiceClient(path: path)
    }

    var isThere: Bool { access(path, F_OK) == 0 }

    func counters() throws -> [String: UInt64] {
        Dictionary(try client.status().counters.map { ($0.name, $0.value) }) { $1 }
    }

    /// The sockets of programs, and those who are attached beside this one.
    func users() throws -> [String] {
        let status = try client.status()
        return status.sockets.map { "\(name)'s socket \($0.id.rawValue), \($0.state)" }
            + (status.clients > 1 ? ["\(status.clients - 1) clients of \(name)"] : [])
    }

    /// Whether no program has a socket, and none is attached but this one.
    func isUnused() throws -> Bool { try users().isEmpty }

    /// Whether somebody listens, and has no connection.
    func onlyListens() throws -> Bool {
        let states = try client.status().sockets.map(\.state)
        return !states.isEmpty && states.allSatisfy { $0 == "listening" }
    }
}

/// A conversation that somebody will not survive: a program that sends, and the one that receives, where that is not the same.
struct KilledConversation {
    let caller: LiveProgram
    let listener: LiveProgram?
    let bytes: Bytes

    private var receiver: LiveProgram { listener ?? caller }

    /// Waits for a point, or for an end that comes before.
    func reach(_ point: KillPoint, on station: ObservedStation, since before: [String: UInt64]) async throws {
        try await waitUntil("\(point)") {
            if caller.hasEnded || listener?.hasEnded == true { return true }
            switch point {
            case .received(let count): return receiver.outputCount >= count
            case .counted(let name, let count):
                // Each look counts as a request, too: after ten of them the point has come in any case.
                return try station.counters()[name, default: 0] >= before[name, default: 0] + count
            }
        }
    }

    /// Where the caller had not come to it yet, a listener goes on listening: then it is told to stop.
    func stopWaiting(_ story: String, _ isForgotten: () throws -> Bool) async throws {
        guard let listener else { return }
        try await waitUntil("\(story): the end of the listener, or its patience") {
            try listener.hasEnded || isForgotten()
        }
        if !listener.hasEnded { try await listener.send(SIGTERM) }
    }

    /// Looks at the ends of those that were not killed: in order, by our SIGTERM, or with an error that can be read.
    func checkEnds(but victim: LiveProgram?, _ story: String) async throws {
        for program in [caller, listener].compactMap(\.self) {
            let outcome = try await program.outcome()
            let isExpected = program === listener ? [0, 1, 128 + SIGTERM] : [0, 1]
            #expect(
                program === victim || outcome.exitCode.map(isExpected.contains) == true,
                "\(story): the \(program.name) ended with \(outcome.exitCode ?? -1): \(outcome.errors)")
            if outcome.exitCode == 1 {
                #expect(
                    outcome.errorLines.last?.hasPrefix("Error: cannot ") == true, "\(story): \(outcome.errors)")
            }
        }
        let received = try await receiver.outcome().output
        #expect(received == bytes.prefix(received.count), "\(story): what has arrived was not sent")
    }
}
