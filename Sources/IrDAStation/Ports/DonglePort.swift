import DequeModule
import IrDAAdapters
public import IrDAProtocol
public import NIOCore
import SocketBackends
import Synchronization

/// A port to the light through a serial dongle, or through a stream of bytes that stands for one.
///
/// The driver is a pure machine (`SerialDriver`); this gives it a line and a clock. A line that is lost is looked for every second,
/// and the dongle is set up anew when it is there again.
public final actor DonglePort: LightPort {
    nonisolated let loop: any EventLoop
    /// Makes the event loop the place where this actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// What people call it.
    public nonisolated let name: String
    /// What the dongle can do.
    public nonisolated let capabilities: LightPortCapabilities
    nonisolated let dongle: any SerialDongle
    private let echo: EchoHandling
    private let source: any SerialLineSource

    private enum Phase {
        case idle
        case opening(EventLoopPromise<Void>)
        case open
        case lost
        case closing(EventLoopPromise<Void>)
        case closed
    }

    private var phase = Phase.idle
    private var report: (@Sendable (LightPortEvent) -> Void)?
    private var line: SerialLine?
    private var driver: SerialDriver?
    private var pending: Deque<SerialDriver.Action> = []
    private var isPerforming = false
    private var wake: Scheduled<Void>?
    private var poll: Scheduled<Void>?
    private var retry: Scheduled<Void>?
    /// Lines that were lost may still have something to say; it counts no more.
    private var lineNumber = 0
    private nonisolated let hasBeenOpen = Atomic(false)
    private let start = NIODeadline.now()

    private static let retryTime = TimeAmount.seconds(1)

    /// Describes a port; it is not opened yet.
    init(_ source: any SerialLineSource, dongle: any SerialDongle, echo: EchoHandling, on loop: any EventLoop) {
        self.source = source
        self.dongle = dongle
        self.echo = echo
        self.loop = loop
        name = source.name
        capabilities = LightPortCapabilities(
            rates: BaudRateSet(dongle.rates), minimumTurnaround: MinimumTurnaround(atLeast: dongle.minimumTurnaround))
    }

    // MARK: The port's side

    /// Opens the line and sets the dongle up.
    public nonisolated func open(
        on loop: any EventLoop, report: @escaping @Sendable (LightPortEvent) -> Void
    ) -> EventLoopFuture<Void> {
        assumeIsolated { port in
            let promise = port.loop.makePromise(of: Void.self)
            port.report = report
            port.phase = .opening(promise)
            port.openLine()
            return promise.futureResult
        }
    }

    /// Sends bytes.
    public nonisolated func transmit(_ bytes: [UInt8]) {
        assumeIsolated { port in port.tell { $0.transmit(bytes, at: $1) } }
    }

    /// Changes the speed.
    public nonisolated func setRate(_ rate: BaudRate) {
        setRate(bitsPerSecond: rate.bitsPerSecond)
    }

    /// Whether the dongle has a speed, in bit/s.
    public nonisolated func has(rate: Int) -> Bool { dongle.change(to: rate) != nil }

    /// Changes to any speed that the dongle has, in bit/s.
    public nonisolated func setRate(bitsPerSecond: Int) {
        assumeIsolated { port in port.tell { $0.setRate(bitsPerSecond, at: $1) } }
    }

    /// Lets the dongle go and closes the line.
    public nonisolated func close() -> EventLoopFuture<Void> {
        assumeIsolated { $0.beginClosing() }
    }

    private func beginClosing() -> EventLoopFuture<Void> {
        report = nil
        retry?.cancel()
        switch phase {
        case .closed: return loop.makeSucceededVoidFuture()
        case .closing(let promise): return promise.futureResult
        case .opening(let opening):
            opening.fail(
                SocketError(.WSAENETDOWN, operation: "open \(name)", reason: "the port was closed meanwhile"))
        case .idle, .open, .lost: break
        }
        let promise = loop.makePromise(of: Void.self)
        phase = .closing(promise)
        if driver == nil { finishClosing() } else { tell { $0.close(at: $1) } }
        return promise.futureResult
    }

    private func finishClosing() {
        dropLine()
        guard case .closing(let promise) = phase else { return }
        phase = .closed
        promise.succeed()
    }

    // MARK: The line

    private func openLine() {
        lineNumber += 1
        let number = lineNumber
        source.open(on: loop) { SerialLineHandler(self, number) }.whenComplete { result in
            self.assumeIsolated { $0.lineOpened(result, number) }
        }
    }

    private func lineOpened(_ result: Result<SerialLine, any Error>, _ number: Int) {
        switch result {
        case .failure(let error):
            lost((error as? SocketError) ?? SocketError(.WSAENETDOWN, operation: "open \(name)", reason: "\(error)"))
        case .success(let line):
            guard number == lineNumber, line.channel.isActive else {
                line.controls.close()
                line.channel.close(promise: nil)
                return number == lineNumber ? lost(goneError) : ()
            }
            self.line = line
            hasBeenOpen.store(true, ordering: .relaxed)
            guard line.hasLines || !dongle.needsLines else { return lost(noLinesError) }
            driver = SerialDriver(dongle, behind: line.traits, echo: echo)
            tell { $0.open(at: $1) }
        }
    }

    private var goneError: SocketError {
        SocketError(
            .WSAENETDOWN, operation: "use \(name)", reason: "the line is gone",
            advice: "Has it been unplugged? It will be used again when it is back")
    }

    private var noLinesError: SocketError {
        SocketError(
            .WSAEOPNOTSUPP, operation: "open \(name)",
            reason: "it has no control lines, as a pseudo-terminal has none, and the dongle needs them",
            advice: "Leave --dongle out to use it as a plain transceiver")
    }

    func heard(_ bytes: [UInt8], _ number: Int) {
        guard number == lineNumber else { return }
        tell { $0.received(bytes, at: $1) }
    }

    func lineClosed(_ number: Int) {
        guard number == lineNumber, line != nil else { return }
        lost(goneError)
    }

    private func dropLine() {
        lineNumber += 1
        wake?.cancel()
        poll?.cancel()
        driver = nil
        pending = []
        guard let line else { return }
        self.line = nil
        line.controls.close()
        line.channel.close(promise: nil)
    }

    /// The line, or the dongle, cannot be used any more.
    private func lost(_ error: SocketError) {
        dropLine()
        switch phase {
        case .idle, .closed: return
        case .closing: return finishClosing()
        case .opening(let promise):
            phase = .closed
            return promise.fail(error)
        case .open:
            phase = .lost
            report?(.lost(error))
        case .lost: break
        }
        retry = loop.scheduleTask(in: Self.retryTime) {
            self.assumeIsolated { port in
                if case .lost = port.phase { port.openLine() }
            }
        }
    }

    /// Whether the line itself could be opened, whatever the dongle did then.
    nonisolated var wasOpen: Bool { hasBeenOpen.load(ordering: .relaxed) }

    /// What the line has counted; nil if it is not open or does not count.
    nonisolated func counters() -> LineCounters? {
        assumeIsolated { $0.line?.controls.counters() }
    }

    // MARK: The driver

    private var now: Duration { .nanoseconds((NIODeadline.now() - start).nanoseconds) }

    private func tell(_ event: (inout SerialDriver, Duration) -> [SerialDriver.Action]) {
        guard let actions = driver.mutate({ event(&$0, now) }) else { return }
        pending += actions
        // What carrying out an action brings about at once waits for its turn: actions have an order.
        guard !isPerforming else { return }
        isPerforming = true
        while !pending.isEmpty { perform(pending.removeFirst()) }
        isPerforming = false
    }

    private func perform(_ action: SerialDriver.Action) {
        switch action {
        case .setLines(let lines): control { controls throws(SocketError) in try controls.setLines(lines) }
        case .setHostRate(let rate): control { controls throws(SocketError) in try controls.setRate(rate) }
        case .discardInput: control { controls throws(SocketError) in try controls.discardInput() }
        case .write(let bytes): write(bytes)
        case .wake(let moment):
            wake?.cancel()
            wake = loop.scheduleTask(deadline: start + .nanoseconds(IrDAInstant.start.advanced(by: moment).nanoseconds))
            {
                self.assumeIsolated { port in port.tell { $0.wake(at: $1) } }
            }
        case .received(let bytes): report?(.received(bytes))
        case .transmitted: report?(.transmitted)
        case .ready: ready()
        case .changeFailed(let problem):
            // A station that went on at another speed than its dongle would be deaf.
            guard case .open = phase else { return }
            phase = .lost
            report?(.lost(error(problem)))
        case .failed(let problem): lost(error(problem))
        case .closed: finishClosing()
        }
    }

    private func error(_ problem: SerialProblem) -> SocketError {
        SocketError(
            .WSAENETDOWN, operation: "use \(name)", reason: problem.description,
            advice: "Is it the right --dongle? `irsock probe --port \(name)` tries them all")
    }

    private func ready() {
        switch phase {
        case .opening(let promise):
            phase = .open
            promise.succeed()
        case .lost:
            phase = .open
            report?(.back)
        case .idle, .open, .closing, .closed: break
        }
    }

    private func control(_ body: (any SerialControls) throws(SocketError) -> Void) {
        guard let line else { return }
        do throws(SocketError) {
            try body(line.controls)
        } catch {
            lost(error)
        }
    }

    private func write(_ bytes: [UInt8]) {
        guard let line else { return }
        let number = lineNumber
        poll?.cancel()
        // A write that fails closes the channel, and that is the loss of the line.
        line.channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess {
            self.assumeIsolated { $0.lookAfterOutput(number) }
        }
    }

    /// Tells the driver when the line holds nothing any more; until then asks again and again, as there is no event for it.
    private func lookAfterOutput(_ number: Int) {
        guard number == lineNumber, let line else { return }
        poll?.cancel()
        do throws(SocketError) {
            let held = try line.controls.heldBytes()
            guard held > 0 else { return tell { $0.drained(at: $1) } }
            poll = loop.scheduleTask(in: .milliseconds(1)) {
                self.assumeIsolated { $0.lookAfterOutput(number) }
            }
        } catch {
            lost(error)
        }
    }
}

extension Optional {
    /// Changes the value, if there is one.
    fileprivate mutating func mutate<Result>(_ body: (inout Wrapped) -> Result) -> Result? {
        guard var value = self else { return nil }
        self = nil  // One owner at a time, so that nothing is copied.
        defer { self = value }
        return body(&value)
    }
}
