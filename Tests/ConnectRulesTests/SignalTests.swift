import Glibc
import InternetBackend
import SocketBackends
import Synchronization
import Testing
import Winsock

/// How many signals the handler has seen.
private let signalsSeen = Atomic<Int>(0)

@Suite("Connect rules: signals", .serialized)
struct SignalTests {
    /// The code with which a thread's connect ended; nil while it goes on.
    private final class Ending: Sendable {
        let code = Mutex<WSAErrorCode?>(nil)
    }

    @Test("R43 a thread that blocks in connect runs signal handlers, and goes on", arguments: InternetVersion.allCases)
    func interrupted(version: InternetVersion) throws {
        signalsSeen.store(0, ordering: .relaxed)
        var (counting, former) = (sigaction(), sigaction())
        // Without SA_RESTART: system calls are interrupted.
        counting.__sigaction_handler.sa_handler = { _ in signalsSeen.add(1, ordering: .relaxed) }
        sigaction(SIGUSR2, &counting, &former)
        defer { sigaction(SIGUSR2, &former, nil) }

        let runtime = try Runtime(Place(version: version, type: .stream, blocks: true))
        let full = try FullServer(runtime)
        let socket = try runtime.socket()
        let ending = Ending()
        let thread = try BackgroundThread {
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGUSR2)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)  // Swift's own threads block it, and this one inherits that
            let code = runtime.code { try runtime.winsock.connect(socket, to: full.address) }
            ending.code.withLock { $0 = code }
        }
        // Decision D9: options cannot be set while the attempt goes on.
        try eventually { runtime.code { try runtime.winsock.setOption(.keepAlive, of: socket, to: [1]) } == .WSAEINVAL }
        for number in 1...100 {
            thread.send(SIGUSR2)
            try eventually { signalsSeen.load(ordering: .relaxed) >= number }
        }
        #expect(ending.code.withLock { $0 } == nil, "the attempt goes on")
        try full.makeRoom()
        thread.join()
        #expect(ending.code.withLock { $0 } == .NO_ERROR)
        #expect(try runtime.winsock.send(socket, [1]) == 1)
    }

    /// Waits for a condition, with a bound that only a broken test reaches.
    private func eventually(_ condition: () -> Bool) throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while !condition() {
            try #require(ContinuousClock.now < deadline)
            sched_yield()
        }
    }
}
