import IrDAProtocol
import NIOCore
import SocketBackends

/// Where a port is in its life: being opened, open, lost and looked for again, being closed.
///
/// Every port goes the same way; what it opens and closes is its own business. The port tells what happens to that, and the one who
/// has opened the port hears of it from here.
struct PortLife {
    private enum Phase {
        case idle
        case opening(EventLoopPromise<LightPortCapabilities>)
        case open
        case lost
        case closing(EventLoopPromise<Void>)
        case closed
    }

    /// Who is to be told what; only after the life has changed, for whoever hears of it may want the next thing at once.
    enum Notice {
        case opened(EventLoopPromise<LightPortCapabilities>, LightPortCapabilities)
        case notOpened(EventLoopPromise<LightPortCapabilities>, SocketError)
        case report(LightPortEvent, @Sendable (LightPortEvent) -> Void)
        case closed(EventLoopPromise<Void>)

        /// Tells it.
        func tell() {
            switch self {
            case .opened(let promise, let capabilities): promise.succeed(capabilities)
            case .notOpened(let promise, let error): promise.fail(error)
            case .report(let event, let report): report(event)
            case .closed(let promise): promise.succeed()
            }
        }
    }

    private let name: String
    private let loop: any EventLoop
    private var phase = Phase.idle
    /// What is told of light; nil once nobody wants to hear of it.
    private(set) var report: (@Sendable (LightPortEvent) -> Void)?

    /// How long after a loss, and how often from then on, the port is looked for.
    static let retryTime = TimeAmount.seconds(1)

    /// A port that nobody has opened yet.
    init(name: String, on loop: any EventLoop) {
        self.name = name
        self.loop = loop
    }

    /// Whether it is lost, and to be looked for.
    var isLost: Bool {
        if case .lost = phase { true } else { false }
    }

    /// Whether somebody has wanted it closed, and something is still open.
    var isClosing: Bool {
        if case .closing = phase { true } else { false }
    }

    /// Somebody wants it opened.
    mutating func begin(
        report: @escaping @Sendable (LightPortEvent) -> Void
    ) -> EventLoopFuture<LightPortCapabilities> {
        let promise = loop.makePromise(of: LightPortCapabilities.self)
        self.report = report
        phase = .opening(promise)
        return promise.futureResult
    }

    /// What is behind it can be used, for the first time or again.
    mutating func isReady(_ capabilities: LightPortCapabilities) -> Notice? {
        switch phase {
        case .opening(let promise):
            phase = .open
            return .opened(promise, capabilities)
        case .lost:
            phase = .open
            return report.map { .report(.back(capabilities), $0) }
        case .idle, .open, .closing, .closed: return nil
        }
    }

    /// What is behind it cannot be used any more, and has been let go; while `isLost` it is to be looked for.
    mutating func isGone(_ error: SocketError) -> Notice? {
        switch phase {
        case .idle, .closed, .lost, .closing: return nil
        case .opening(let promise):
            phase = .closed
            return .notOpened(promise, error)
        case .open: return isImpaired(error)
        }
    }

    /// It is there, and yet cannot be used until it is ready again.
    mutating func isImpaired(_ error: SocketError) -> Notice? {
        guard case .open = phase else { return nil }
        phase = .lost
        return report.map { .report(.lost(error), $0) }
    }

    /// Somebody wants it closed; nothing is reported any more.
    ///
    /// - Returns: when it will be closed, and whether that begins only now; `hasClosed` is its end.
    mutating func end() -> (closed: EventLoopFuture<Void>, begins: Bool, notice: Notice?) {
        report = nil
        var notice: Notice?
        switch phase {
        case .closed: return (loop.makeSucceededVoidFuture(), false, nil)
        case .closing(let promise): return (promise.futureResult, false, nil)
        case .opening(let opening):
            notice = .notOpened(
                opening,
                SocketError(.WSAENETDOWN, operation: "open \(name)", reason: "the port was closed meanwhile"))
        case .idle, .open, .lost: break
        }
        let promise = loop.makePromise(of: Void.self)
        phase = .closing(promise)
        return (promise.futureResult, true, notice)
    }

    /// Everything has been given back.
    mutating func hasClosed() -> Notice? {
        guard case .closing(let promise) = phase else { return nil }
        phase = .closed
        return .closed(promise)
    }
}
