import CLinux
import Glibc
import NIOCore
import SocketBackends
import Synchronization
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor

/// Watches descriptors that an event loop of NIO cannot drive: sockets with messages, and ends that are watched for nothing but the
/// other end's leaving.
///
/// One thread waits for all of them; what it sees is told on the loop. A watch is good for one report, and is then renewed or
/// dropped. Watches are made, renewed and dropped on the loop, so that none can be reported that was dropped before.
final class DescriptorWatcher: Sendable {
    /// What a descriptor is watched for; that its other end has gone is always reported.
    struct Interest: OptionSet, Sendable {
        let rawValue: UInt32
        static let readable = Self(rawValue: EPOLLIN.rawValue)
        static let writable = Self(rawValue: EPOLLOUT.rawValue)
        /// Reported, never asked for: the other end has gone.
        static let hungUp = Self(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
    }

    /// A watch; its number is never used again.
    struct Watch: Hashable, Sendable {
        fileprivate let token: UInt64
    }

    typealias Handler = @Sendable (Interest) -> Void

    private struct State {
        var handlers: [UInt64: Handler] = [:]
        var lastToken: UInt64 = 0
    }

    private let epoll: SharedDescriptor
    private let stopSignal: SharedDescriptor
    private let loop: any EventLoop
    private let state = Mutex(State())
    private static let stopToken: UInt64 = 0

    /// Starts the thread.
    ///
    /// - Throws: WSAEMFILE or WSAENOBUFS if the system has no descriptor, memory or thread to spare.
    init(on loop: any EventLoop) throws(SocketError) {
        let operation = "watch descriptors"
        self.loop = loop
        epoll = SharedDescriptor(
            OwnedDescriptor(
                FileDescriptor(rawValue: try systemCall(for: operation) { epoll_create1(Int32(EPOLL_CLOEXEC)) })))
        stopSignal = SharedDescriptor(
            OwnedDescriptor(
                FileDescriptor(rawValue: try systemCall(for: operation) { eventfd(0, Int32(EFD_CLOEXEC)) })))
        let (epoll, stopSignal) = (epoll, stopSignal)
        try stopSignal.withDescriptor(for: operation) { signal throws(SocketError) in
            try control(EPOLL_CTL_ADD, signal, EPOLLIN.rawValue, Self.stopToken, for: operation)
        }
        // The thread holds the watcher weakly: it ends when the watcher does.
        weak let watcher = self
        let work = Unmanaged.passRetained(Work { Self.run(epoll, stopSignal) { watcher } })
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { work in
                if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw SocketError(Errno(rawValue: status), operation: operation)
        }
        pthread_detach(thread)
    }

    deinit {
        var one: UInt64 = 1
        try? stopSignal.withDescriptor(for: "stop watching") { _ = write($0.rawValue, &one, 8) }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Watches a descriptor, which has to stay open until the watch is dropped.
    ///
    /// - Throws: WSAENOBUFS if the kernel cannot watch more.
    func watch(
        _ descriptor: FileDescriptor, for interest: Interest, _ handler: @escaping Handler
    ) throws(SocketError) -> Watch {
        let token = state.withLock { state in
            state.lastToken += 1
            state.handlers[state.lastToken] = handler
            return state.lastToken
        }
        do throws(SocketError) {
            try control(EPOLL_CTL_ADD, descriptor, interest.rawValue, token, for: "watch a descriptor")
        } catch {
            state.withLock { $0.handlers[token] = nil }
            throw error
        }
        return Watch(token: token)
    }

    /// Watches on, after a report.
    func renew(_ watch: Watch, of descriptor: FileDescriptor, for interest: Interest) {
        // The descriptor is open and was watched before: nothing is left that could fail.
        try? control(EPOLL_CTL_MOD, descriptor, interest.rawValue, watch.token, for: "watch on")
    }

    /// Watches no longer; nothing is reported any more.
    func drop(_ watch: Watch, of descriptor: FileDescriptor) {
        state.withLock { $0.handlers[watch.token] = nil }
        try? control(EPOLL_CTL_DEL, descriptor, 0, watch.token, for: "watch no longer")
    }

    private func control(
        _ action: Int32, _ descriptor: FileDescriptor, _ events: UInt32, _ token: UInt64, for operation: String
    ) throws(SocketError) {
        try epoll.withDescriptor(for: operation) { epoll throws(SocketError) in
            var event = epoll_event(events: events | EPOLLONESHOT.rawValue, data: epoll_data_t(u64: token))
            try systemCall(for: operation) { epoll_ctl(epoll.rawValue, action, descriptor.rawValue, &event) }
        }
    }

    private static func run(
        _ epoll: SharedDescriptor, _ stopSignal: SharedDescriptor, _ watcher: @Sendable () -> DescriptorWatcher?
    ) {
        var allSignals = sigset_t()
        sigfillset(&allSignals)
        pthread_sigmask(SIG_BLOCK, &allSignals, nil)  // They are for the program's own threads.
        guard let held = try? epoll.hold(for: "watch descriptors") else { return }
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            // Fails only when a debugger interrupts it.
            let count = held.withDescriptor { epoll_wait($0.rawValue, &events, Int32(events.count), -1) }
            let happened = events.prefix(max(0, Int(count)))
            guard !happened.contains(where: { $0.data.u64 == stopToken }), let watcher = watcher() else { break }
            let reports = happened.map { ($0.data.u64, Interest(rawValue: $0.events)) }
            watcher.loop.execute {
                for (token, interest) in reports { watcher.report(interest, to: token) }
            }
        }
        epoll.close()
        stopSignal.close()
    }

    private func report(_ interest: Interest, to token: UInt64) {
        guard let handler = state.withLock({ $0.handlers[token] }) else { return }
        handler(interest)
    }
}
