import SocketBackends

/// What a socket has to do with network events: its record, where the events go, and what is watched for.
///
/// Part of a socket's state, and used under its lock: so a report and its delivery are one step, and reading the record and resetting
/// its event object are one, too.
struct Notification: Sendable {
    private(set) var record = NetworkEventRecord()
    private(set) var receiver: NetworkEventReceiver?
    private(set) var monitor: ReadinessMonitor?
    /// What the monitor watches for just now.
    private var watch: Watch?
    private var latestWatch = 0
    /// Counts whatever may have changed how the socket stands.
    private(set) var generation = 0

    private struct Watch: Sendable {
        let number: Int
        let readiness: Readiness
        let registration: WatchRegistration
    }

    /// What was learned of the socket before this is not to be relied on.
    mutating func isOutdated() {
        generation += 1
    }

    /// Selects events; answers who was told before.
    mutating func select(
        _ events: NetworkEvents, for receiver: NetworkEventReceiver, by monitor: ReadinessMonitor
    ) -> NetworkEventReceiver? {
        generation += 1
        let former = self.receiver
        record.select(events, receiver.style)
        self.receiver = receiver
        self.monitor = monitor
        return former
    }

    /// Selects nothing any more; answers who was told before.
    mutating func selectNothing() -> NetworkEventReceiver? {
        generation += 1
        guard let former = receiver else { return nil }
        record.select([], former.style)
        receiver = nil
        cancelWatch()
        return former
    }

    /// Takes over what is selected on a listener (rule E13).
    mutating func inherit(from listener: Self, as accepted: SocketHandle) {
        guard let inherited = listener.receiver?.inherited(by: accepted) else { return }
        generation += 1
        record = NetworkEventRecord(inheriting: listener.record)
        receiver = inherited
        monitor = listener.monitor
    }

    mutating func called(_ call: NetworkEventRecord.Call) {
        generation += 1
        record.called(call)
    }

    mutating func enumerate() -> NetworkEventReport {
        record.enumerate()
    }

    /// The descriptor may stand for another file from now on, which the monitor has to be told of.
    mutating func connectStarted() {
        generation += 1
        record.connectStarted()
        cancelWatch()
    }

    mutating func connectEnded(_ code: WSAErrorCode, isKnown: Bool = false) {
        generation += 1
        for action in record.connectEnded(code, isKnown: isKnown) {
            switch action {
            case .report(let event, let code): receiver?.deliver(event, code)
            case .watch: break  // the socket is looked at next, which decides
            }
        }
    }

    /// Reports what the condition of the socket gives reason to, and has the descriptor watched for what comes next.
    ///
    /// - Parameter handler: makes what is called once, outside of all locks, with the number that `watchEnded` takes.
    mutating func observe(
        _ condition: SocketCondition, of descriptor: SharedDescriptor,
        _ handler: @autoclosure () -> @Sendable (Int) -> Void
    ) throws(SocketError) {
        for action in record.observe(condition) {
            switch action {
            case .report(let event, let code): receiver?.deliver(event, code)
            case .watch(let readiness): try watch(descriptor, for: readiness, handler())
            }
        }
    }

    /// The monitor has called back.
    mutating func watchEnded(_ number: Int) {
        if watch?.number == number { watch = nil }
    }

    private mutating func watch(
        _ descriptor: SharedDescriptor, for readiness: Readiness, _ handler: @autoclosure () -> @Sendable (Int) -> Void
    ) throws(SocketError) {
        guard watch?.readiness != readiness else { return }
        cancelWatch()
        guard !readiness.isEmpty, let monitor else { return }
        latestWatch += 1
        let number = latestWatch
        let handler = handler()
        let registration = try monitor.watch(descriptor, for: readiness) { news in
            switch news {
            case .ready: handler(number)
            case .closed: break
            }
        }
        watch = Watch(number: number, readiness: readiness, registration: registration)
    }

    private mutating func cancelWatch() {
        guard let watch else { return }
        monitor?.cancel(watch.registration)
        self.watch = nil
    }
}
