import CLinux
import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// What the monitor's thread works on. It lives as long as the thread, which may be a little longer than the monitor.
final class Watching: Sendable {
    private struct Watcher {
        let number: UInt64
        let readiness: Readiness
        let handler: @Sendable (ReadinessMonitor.News) -> Void
    }

    /// One descriptor with all who watch it.
    private struct Watched {
        let held: HeldDescriptor
        let identity: ObjectIdentifier
        var watchers: [Watcher] = []

        var readiness: Readiness { watchers.reduce(into: []) { $0.formUnion($1.readiness) } }
    }

    private struct State {
        /// By the token that the kernel gives back: no token is used twice, so that late news concern nobody.
        var watched: [UInt64: Watched] = [:]
        var tokens: [ObjectIdentifier: UInt64] = [:]
        var latestNumber: UInt64 = 0
        var isStopped = false

        mutating func nextNumber() -> UInt64 {
            latestNumber += 1
            return latestNumber
        }
    }

    private static let signalToken: UInt64 = 0
    private let epoll: OwnedDescriptor
    private let signal: Signal
    private let state = Mutex(State())

    init(for operation: String) throws(SocketError) {
        let number = try systemCall(for: operation) { epoll_create1(Int32(EPOLL_CLOEXEC)) }
        epoll = OwnedDescriptor(FileDescriptor(rawValue: number))
        signal = try Signal(for: operation)
        try signal.withDescriptor { descriptor throws(SocketError) in
            _ = try systemCall(for: operation) {
                control(EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue, Self.signalToken)
            }
        }
    }

    // MARK: - The registrations

    func add(
        _ descriptor: SharedDescriptor, _ readiness: Readiness,
        _ handler: @escaping @Sendable (ReadinessMonitor.News) -> Void
    ) throws(SocketError) -> WatchRegistration {
        let operation = "watch a descriptor"
        let held = try HeldDescriptor(descriptor, for: operation)
        return try state.withLock { state throws(SocketError) in
            let identity = ObjectIdentifier(descriptor)
            let known = state.tokens[identity]
            let token = known ?? state.nextNumber()
            let number = state.nextNumber()
            var watched = state.watched[token] ?? Watched(held: held, identity: identity)
            watched.watchers.append(Watcher(number: number, readiness: readiness, handler: handler))
            try systemCall(for: operation) {
                arm(watched, token, known == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD)
            }
            state.watched[token] = watched
            state.tokens[identity] = token
            return WatchRegistration(token: token, number: number)
        }
    }

    func remove(_ registration: WatchRegistration) -> Bool {
        let (isRemoved, unused) = state.withLock { state -> (Bool, Watched?) in
            guard var watched = state.watched[registration.token],
                let position = watched.watchers.firstIndex(where: { $0.number == registration.number })
            else { return (false, nil) }
            watched.watchers.remove(at: position)
            return (true, settle(watched, registration.token, &state))
        }
        _ = consume unused  // closes the descriptor, if it is the last use, without the lock
        return isRemoved
    }

    func forget(_ descriptor: SharedDescriptor) {
        let forgotten = state.withLock { state -> Watched? in
            guard let token = state.tokens[ObjectIdentifier(descriptor)], var watched = state.watched[token] else {
                return nil
            }
            let watchers = watched.watchers
            watched.watchers = []
            _ = settle(watched, token, &state)
            watched.watchers = watchers
            return watched
        }
        forgotten?.watchers.forEach { $0.handler(.closed) }
    }

    /// Watches on for who is left; gives the descriptor back if that is nobody.
    private func settle(_ watched: Watched, _ token: UInt64, _ state: inout State) -> Watched? {
        guard watched.watchers.isEmpty else {
            state.watched[token] = watched
            // The descriptor is open and was watched before: nothing is left that could fail.
            _ = arm(watched, token, EPOLL_CTL_MOD)
            return nil
        }
        state.watched[token] = nil
        state.tokens[watched.identity] = nil
        watched.held.hold.withDescriptor { _ = control(EPOLL_CTL_DEL, $0, 0, token) }
        return watched
    }

    private func arm(_ watched: Watched, _ token: UInt64, _ action: Int32) -> Int32 {
        watched.held.hold.withDescriptor { descriptor in
            let events = watched.readiness.epollEvents | EPOLLONESHOT.rawValue
            let answer = control(action, descriptor, events, token)
            // The kernel watches files, not numbers: after `SharedDescriptor.replace` it has to be told of the new one.
            return answer == -1 && errno == ENOENT ? control(EPOLL_CTL_ADD, descriptor, events, token) : answer
        }
    }

    private func control(_ action: Int32, _ descriptor: FileDescriptor, _ events: UInt32, _ token: UInt64) -> Int32 {
        var event = epoll_event(events: events, data: epoll_data_t(u64: token))
        return epoll.withDescriptor { epoll_ctl($0.rawValue, action, descriptor.rawValue, &event) }
    }

    // MARK: - The thread

    func stop() {
        state.withLock { $0.isStopped = true }
        signal.raise()
    }

    func run() {
        var allSignals = sigset_t()
        sigfillset(&allSignals)
        pthread_sigmask(SIG_BLOCK, &allSignals, nil)  // they are for the program's own threads
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while !state.withLock({ $0.isStopped }) {
            // Fails only when a debugger interrupts it.
            let count = epoll.withDescriptor { epoll_wait($0.rawValue, &events, Int32(events.count), -1) }
            for event in events.prefix(max(0, Int(count))) {
                if event.data.u64 == Self.signalToken {
                    signal.lower()
                } else {
                    report(Readiness(epollEvents: event.events), to: event.data.u64)
                }
            }
        }
    }

    private func report(_ readiness: Readiness, to token: UInt64) {
        let (satisfied, unused) = state.withLock { state -> ([Watcher], Watched?) in
            guard var watched = state.watched[token] else { return ([], nil) }
            let satisfied = watched.watchers.filter {
                readiness.contains(.broken) || !$0.readiness.isDisjoint(with: readiness)
            }
            watched.watchers.removeAll { watcher in satisfied.contains { $0.number == watcher.number } }
            return (satisfied, settle(watched, token, &state))
        }
        _ = consume unused
        satisfied.forEach { $0.handler(.ready(readiness)) }
    }
}
