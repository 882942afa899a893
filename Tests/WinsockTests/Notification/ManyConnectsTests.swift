import Glibc
import SocketBackends
import SystemPackage
import TestSupport
import Testing

@testable import Winsock

@Suite("Very many pending connects")
struct ManyConnectsTests {
    static let count = 10_000

    /// How an attempt is to end: a third each.
    private static func outcome(_ number: Int) -> WSAErrorCode? {
        switch number % 3 {
        case 0: nil
        case 1: .WSAECONNREFUSED
        default: .WSAETIMEDOUT
        }
    }

    /// In a process of its own, so that no other test starts threads or takes descriptors.
    @Test("10,000 attempts in one runtime end each in its own way, and one thread tells of all")
    func tenThousand() async {
        await #expect(processExitsWith: .success) {
            try Self.allowDescriptors(Self.count + 200)
            let family = GateFamily()
            let winsock = try Winsock(registry: AddressFamilyRegistry([family]))
            try winsock.startup()
            let queue = try MessageQueue()
            let before = try Self.threads()
            let sockets = try (0..<Self.count).map { _ in
                let handle = try winsock.socket(family: family.family, type: .stream)
                let gate = try #require(family.gates.latest)
                try winsock.asyncSelect(handle, queue, message: 1, [.connect])
                do throws(SocketError) {
                    try winsock.connect(handle, to: GateFamily.address)
                    Issue.record("the attempt does not stay pending")
                } catch  where error.code != .WSAEWOULDBLOCK {
                    Issue.record(error)
                } catch {
                    // As it should be. (The macro #expect would take most of the time of this test.)
                }
                return (handle: handle, gate: gate)
            }
            #expect(try Self.threads().subtracting(before).count == 1)
            #expect(queue.peek() == nil)
            // In an order of their own: 7919 is prime and no divisor of 10,000.
            for step in 0..<Self.count {
                let number = step * 7919 % Self.count
                try sockets[number].gate.open(Self.outcome(number))
            }
            var codes: [SocketHandle: WSAErrorCode] = [:]
            for _ in 0..<Self.count {
                let isThere = try queue.wait(timeout: .patience)
                guard isThere, let message = queue.peek(), message.notice.event == .connect else { break }
                codes[message.socket] = message.notice.code
            }
            #expect(queue.peek() == nil)
            #expect(codes.count == Self.count)
            let wrong = sockets.indices.filter { codes[sockets[$0].handle] != Self.outcome($0) ?? .NO_ERROR }
            #expect(wrong.isEmpty)
            #expect(try Self.threads().subtracting(before).count == 1)
        }
    }

    @Test("async connects with a deadline, many of which pass it, among many that are watched")
    func deadlines() async throws {
        let family = GateFamily()
        let winsock = try Winsock(registry: AddressFamilyRegistry([family]))
        try winsock.startup()
        let sockets = try (0..<300).map { _ in
            let handle = try winsock.socket(family: family.family, type: .stream)
            return (handle: handle, gate: try #require(family.gates.latest))
        }
        let codes = await withTaskGroup { group in
            for (number, socket) in sockets.enumerated() {
                let patience: Duration = number % 3 == 2 ? .milliseconds(20) : .seconds(600)
                group.addTask { () -> (Int, WSAErrorCode?) in
                    do throws(SocketError) {
                        try await winsock.connect(
                            socket.handle, to: GateFamily.address, deadline: .now.advanced(by: patience))
                        return (number, nil)
                    } catch {
                        return (number, error.code)
                    }
                }
            }
            for (number, socket) in sockets.enumerated() where number % 3 != 2 {
                await eventually("attempt \(number) has begun") {
                    (try? winsock.find(socket.handle, for: "look").withState { $0.lifecycle.pendingAttempt }) != nil
                }
                do { try socket.gate.open(Self.outcome(number)) } catch { Issue.record(error) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 ?? .NO_ERROR }
        }
        #expect(codes.count == sockets.count)
        for (number, code) in codes { #expect(code == Self.outcome(number) ?? .NO_ERROR) }
    }

    /// Raises the limit of this process, as far as it is allowed to.
    private static func allowDescriptors(_ number: Int) throws {
        var limit = rlimit()
        try systemCall(for: "read the limit of descriptors") {
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        guard limit.rlim_cur < rlim_t(number) else { return }
        limit.rlim_cur = min(rlim_t(number), limit.rlim_max)
        try systemCall(for: "raise the limit of descriptors") {
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        try #require(limit.rlim_cur >= rlim_t(number), "this test takes \(number) descriptors; raise `ulimit -Hn`")
    }

    /// The threads of this process, by number.
    private static func threads() throws -> Set<Int> {
        let directory = try #require(opendir("/proc/self/task"))
        defer { closedir(directory) }
        var threads: Set<Int> = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = Int(name) { threads.insert(number) }
        }
        return threads
    }
}
