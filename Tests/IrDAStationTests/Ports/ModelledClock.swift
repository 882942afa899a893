import Glibc
import NIOCore
import NIOPosix
import SocketBackends
import Synchronization

@testable import IrDAStation

/// Time that passes only as what is modelled asks for it: from one alarm to the next, as fast as the machine can.
///
/// Between two alarms the event loop looks at its descriptors: the next alarm comes behind a byte that goes through one of them, so what
/// was written before has been read by then. How busy the machine is changes how long that takes, and nothing else.
final class ModelledClock: PortClock {
    private struct Alarm {
        let moment: NIODeadline
        let number: UInt64
        let work: @Sendable () -> Void
    }

    private struct State {
        var now = NIODeadline.uptimeNanoseconds(1)
        var alarms: [Alarm] = []
        var lastNumber: UInt64 = 0
        var isTurning = false
    }

    private let loop: any EventLoop
    private let state = Mutex(State())
    /// What is written here comes back by the event loop.
    private let bell: CInt

    init(on loop: any EventLoop) throws {
        self.loop = loop
        var ends: [Int32] = [-1, -1]
        try systemCall(for: "make a pair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) }
        bell = ends[0]
        _ = try ClientBootstrap(group: loop)
            .channelInitializer { [weak self] in $0.pipeline.addHandler(Ringer(self)) }
            .withConnectedSocket(ends[1]).wait()
    }

    deinit { close(bell) }

    var now: NIODeadline { state.withLock(\.now) }

    /// The moment, as models take it.
    var time: Duration { .nanoseconds(Int64(now.uptimeNanoseconds)) }

    /// Does something at a moment of a model, or now if that is past.
    func schedule(at time: Duration, _ work: @escaping @Sendable () -> Void) -> PortAlarm {
        schedule(at: max(now, .uptimeNanoseconds(0) + TimeAmount(time)), work)
    }

    func schedule(at moment: NIODeadline, _ work: @escaping @Sendable () -> Void) -> PortAlarm {
        let number = state.withLock { state in
            state.lastNumber += 1
            let place = state.alarms.firstIndex { $0.moment > moment } ?? state.alarms.endIndex
            state.alarms.insert(Alarm(moment: moment, number: state.lastNumber, work: work), at: place)
            return state.lastNumber
        }
        arrangeTurn()
        return PortAlarm { [weak self] in
            self?.state.withLock { $0.alarms.removeAll { $0.number == number } }
        }
    }

    private func arrangeTurn() {
        let isDue = state.withLock { state in
            defer { state.isTurning = state.isTurning || !state.alarms.isEmpty }
            return !state.isTurning && !state.alarms.isEmpty
        }
        if isDue { _ = write(bell, [1] as [UInt8], 1) }
    }

    fileprivate func goOn() {
        let work = state.withLock { state -> (@Sendable () -> Void)? in
            state.isTurning = false
            guard !state.alarms.isEmpty else { return nil }
            let alarm = state.alarms.removeFirst()
            state.now = max(state.now, alarm.moment)
            return alarm.work
        }
        work?()
        arrangeTurn()
    }
}

/// Lets the clock go on when everything has been read that came before the bell.
private final class Ringer: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let ring: @Sendable () -> Void

    init(_ clock: ModelledClock?) {
        ring = { [weak clock] in clock?.goOn() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.eventLoop.execute(ring)
    }
}
