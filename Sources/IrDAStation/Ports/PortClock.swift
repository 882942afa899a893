import NIOCore

/// The time of a port and its station: which moment it is, and being called at another.
///
/// It is the event loop's own, but where a test has hardware that is modelled, and time passes only as that asks for it.
protocol PortClock: Sendable {
    /// The moment.
    var now: NIODeadline { get }
    /// Does something on the loop at a moment, or as soon as possible after it.
    func schedule(at moment: NIODeadline, _ work: @escaping @Sendable () -> Void) -> PortAlarm
}

/// Something that is to be done later.
struct PortAlarm: Sendable {
    private let calledOff: @Sendable () -> Void

    init(cancel: @escaping @Sendable () -> Void) {
        calledOff = cancel
    }

    /// Calls it off; on the loop it does not happen then, if it has not happened yet.
    func cancel() { calledOff() }
}

/// The clock of an event loop.
struct LoopClock: PortClock {
    let loop: any EventLoop

    var now: NIODeadline { loop.now }

    func schedule(at moment: NIODeadline, _ work: @escaping @Sendable () -> Void) -> PortAlarm {
        let scheduled = loop.scheduleTask(deadline: moment, work)
        return PortAlarm { scheduled.cancel() }
    }
}
