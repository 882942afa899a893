import Glibc
import SocketBackends
import Synchronization
import SystemPackage
import Testing

@testable import Winsock

@Suite("The readiness monitor")
struct ReadinessMonitorTests {
    /// Two connected ends.
    private struct Pair {
        let watched: SharedDescriptor
        let other: SharedDescriptor

        init() throws {
            var ends: [Int32] = [0, 0]
            let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
            try systemCall(for: "make a pair") { socketpair(AF_UNIX, type, 0, &ends) }
            watched = SharedDescriptor(OwnedDescriptor(FileDescriptor(rawValue: ends[0])))
            other = SharedDescriptor(OwnedDescriptor(FileDescriptor(rawValue: ends[1])))
        }

        func deliver() throws {
            _ = try other.withDescriptor(for: "deliver") { descriptor throws(SocketError) in
                try systemCall(for: "deliver") { write(descriptor.rawValue, "x", 1) }
            }
        }
    }

    private func watch(
        _ monitor: ReadinessMonitor, _ descriptor: SharedDescriptor, _ readiness: Readiness
    ) throws -> (registration: WatchRegistration, news: FirstValue<ReadinessMonitor.News>) {
        let news = FirstValue<ReadinessMonitor.News>()
        let registration = try monitor.watch(descriptor, for: readiness) { news.offer($0) }
        return (registration, news)
    }

    @Test("each way of being ready is told, at once or when it comes")
    func ways() async throws {
        let monitor = try ReadinessMonitor()
        let pair = try Pair()
        #expect(await (try watch(monitor, pair.watched, .writable)).news.value() == .ready(.writable))
        let readable = try watch(monitor, pair.watched, .readable)
        try pair.deliver()
        #expect(await readable.news.value() == .ready(.readable))
        #expect(monitor.cancel(readable.registration) == false)
        let urgent = try watch(monitor, pair.watched, .urgent)
        pair.other.close()
        guard case .ready(let readiness) = await urgent.news.value() else {
            Issue.record("the end of the connection is not told")
            return
        }
        #expect(readiness.contains(.broken))
    }

    @Test("several may watch one descriptor, each for its own")
    func several() async throws {
        let monitor = try ReadinessMonitor()
        let pair = try Pair()
        let first = try watch(monitor, pair.watched, .readable)
        let second = try watch(monitor, pair.watched, [.readable, .urgent])
        let third = try watch(monitor, pair.watched, .writable)
        #expect(await third.news.value() == .ready(.writable))
        try pair.deliver()
        #expect(await first.news.value() == .ready(.readable))
        #expect(await second.news.value() == .ready(.readable))
    }

    @Test("a registration is told once")
    func once() async throws {
        let monitor = try ReadinessMonitor()
        let pair = try Pair()
        let count = Counter()
        let readable = FirstValue<Void>()
        _ = try monitor.watch(pair.watched, for: .readable) { _ in
            count.increment()
            readable.offer(())
        }
        try pair.deliver()
        await readable.value()
        try pair.deliver()
        // What a second watcher has been told, the first would have been told before.
        _ = await (try watch(monitor, pair.watched, .readable)).news.value()
        #expect(count.value == 1)
    }

    @Test("what is taken back is not told")
    func cancel() async throws {
        let monitor = try ReadinessMonitor()
        let pair = try Pair()
        let cancelled = try watch(monitor, pair.watched, .readable)
        let kept = try watch(monitor, pair.watched, .readable)
        #expect(monitor.cancel(cancelled.registration))
        #expect(monitor.cancel(cancelled.registration) == false)
        try pair.deliver()
        #expect(await kept.news.value() == .ready(.readable))
        cancelled.news.offer(.closed)
        #expect(await cancelled.news.value() == .closed)
    }

    @Test("forgetting a descriptor tells all its watchers, and lets it be closed")
    func forget() async throws {
        let monitor = try ReadinessMonitor()
        let pair = try Pair()
        let first = try watch(monitor, pair.watched, .readable)
        let second = try watch(monitor, pair.watched, .urgent)
        pair.watched.close()
        #expect(throws: SocketError.self) { try watch(monitor, pair.watched, .readable) }
        monitor.forget(pair.watched)
        monitor.forget(pair.watched)
        #expect(await first.news.value() == .closed)
        #expect(await second.news.value() == .closed)
        let bytes = try pair.other.withDescriptor(for: "read") { descriptor throws(SocketError) in
            var byte: UInt8 = 0
            return try systemCall(for: "read") { read(descriptor.rawValue, &byte, 1) }
        }
        #expect(bytes == 0)
    }

    @Test("a file that was put under a watched number is watched from the next registration on")
    func replaced() async throws {
        let monitor = try ReadinessMonitor()
        let (pair, other) = (try Pair(), try Pair())
        let old = try watch(monitor, pair.watched, .urgent)
        let copy = try other.watched.withDescriptor(for: "copy") { descriptor throws(SocketError) in
            try systemCall(for: "copy") { dup(descriptor.rawValue) }
        }
        try pair.watched.replace(with: OwnedDescriptor(FileDescriptor(rawValue: copy)), for: "replace")
        let new = try watch(monitor, pair.watched, .readable)
        try other.deliver()
        #expect(await new.news.value() == .ready(.readable))
        #expect(monitor.cancel(old.registration))
    }

    @Test("many descriptors, many threads")
    func many() async throws {
        let monitor = try ReadinessMonitor()
        let pairs = try (0..<100).map { _ in try Pair() }
        let told = await withTaskGroup { group in
            for pair in pairs {
                group.addTask { () -> Bool in
                    do {
                        let (registration, _) = try watch(monitor, pair.watched, .urgent)
                        let (_, news) = try watch(monitor, pair.watched, .readable)
                        try pair.deliver()
                        let isReadable = await news.value() == .ready(.readable)
                        return monitor.cancel(registration) && isReadable
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(told == pairs.count)
    }

    @Test("the monitor goes away with watchers left, and lets go of their descriptors")
    func deinitialisation() throws {
        let pair = try Pair()
        do {
            let monitor = try ReadinessMonitor()
            _ = try watch(monitor, pair.watched, .readable)
        }
        pair.watched.close()
        let bytes = try pair.other.withDescriptor(for: "read") { descriptor throws(SocketError) in
            var byte: UInt8 = 0
            return try systemCall(for: "read") { read(descriptor.rawValue, &byte, 1) }
        }
        #expect(bytes == 0)
    }

    @Test("the monitor may go away inside a callback")
    func deinitialisationInside() async throws {
        let pair = try Pair()
        let done = FirstValue<Void>()
        let holder = try Holder()
        // No reference but the holder's is left when the callback comes.
        try holder.monitor.withLock { monitor in
            _ = try monitor?.watch(pair.watched, for: .readable) { _ in
                holder.monitor.withLock { $0 = nil }
                done.offer(())
            }
        }
        try pair.deliver()
        await done.value()
    }
}

private final class Holder: Sendable {
    let monitor: Mutex<ReadinessMonitor?>
    init() throws { monitor = Mutex(try ReadinessMonitor()) }
}

private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
}
