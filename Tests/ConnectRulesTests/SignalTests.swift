import Glibc
import InternetBackend
import SocketBackends
import TestSupport
import Synchronization
import Testing
import Winsock

/// How many signals the handler has seen.
private let signalsSeen = Atomic<Int>(0)

@Suite("Connect rules: signals", .serialized)
struct SignalTests {
    @Test("R43 a thread that blocks in connect runs signal handlers, and goes on", arguments: InternetVersion.allCases)
    func interrupted(version: InternetVersion) async throws {
        signalsSeen.store(0, ordering: .relaxed)
        var (counting, former) = (sigaction(), sigaction())
        // Without SA_RESTART: system calls are interrupted.
        counting.__sigaction_handler.sa_handler = { _ in signalsSeen.add(1, ordering: .relaxed) }
        sigaction(SIGUSR2, &counting, &former)
        defer { sigaction(SIGUSR2, &former, nil) }

        let runtime = try Runtime(Place(version: version, type: .stream, blocks: true))
        let full = try FullServer(runtime)
        let socket = try runtime.socket()
        let isOver = Atomic(false)
        let thread = try BackgroundThread {
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGUSR2)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)  // Swift's own threads block it, and this one inherits that
            defer { isOver.store(true, ordering: .releasing) }
            return runtime.code { try runtime.winsock.connect(socket, to: full.address) }
        }
        // Decision D9: options cannot be set while the attempt goes on.
        try #require(
            await becomesTrue {
                runtime.code { try runtime.winsock.setOption(.keepAlive, of: socket, to: [1]) } == .WSAEINVAL
            })
        for number in 1...20 {
            thread.send(SIGUSR2)
            try #require(await becomesTrue { signalsSeen.load(ordering: .relaxed) >= number })
        }
        let hasEnded = isOver.load(ordering: .acquiring)
        #expect(!hasEnded, "the attempt goes on")
        try full.makeRoom()
        #expect(try await thread.value() == .NO_ERROR)
        #expect(try runtime.winsock.send(socket, [1]) == 1)
    }
}
