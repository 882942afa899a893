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
    private let capabilities: LightPortCapabilities
    nonisolated let dongle: any SerialDongle
    private let echo: EchoHandling
    private let source: any SerialLineSource

    private let clock: any PortClock
    private var life: PortLife
    private var line: SerialLine?
    private var driver: SerialDriver?
    private var pending: Deque<SerialDriver.Action> = []
    private var isPerforming = false
    private var wake: PortAlarm?
    private var poll: PortAlarm?
    private var retry: PortAlarm?
    /// Lines that were lost may still have something to say; it counts no more.
    private var lineNumber = 0
    private nonisolated let hasBeenOpen = Atomic(false)
    private let start: NIODeadline

    /// Describes a port; it is not opened yet.
    init(
        _ source: any SerialLineSource, dongle: any SerialDongle, echo: EchoHandling, on loop: any EventLoop,
        clock: (any PortClock)? = nil
    ) {
        self.source = source
        self.dongle = dongle
        self.echo = echo
        self.loop = loop
        name = source.name
        let clock = clock ?? LoopClock(loop: loop)
        self.clock = clock
        start = clock.now
        life = PortLife(name: name, on: loop)
        // The end of one's own light is noticed late on a serial line, and what comes before that is taken for its echo: whatever the
        // dongle needs, the host needs as long as a peer can be asked to wait.
        capabilities = LightPortCapabilities(rates: BaudRateSet(dongle.rates), minimumTurnaround: .ms10)
    }

    // MARK: The port's side

    /// Opens the line and sets the dongle up.
    public nonisolated func open(
        on loop: any EventLoop, report: @escaping @Sendable (LightPortEvent) -> Void
    ) -> EventLoopFuture<LightPortCapabilities> {
        assumeIsolated { port in
            let opened = port.life.begin(report: report)
            port.openLine()
            return opened
        }
    }

    /// Sends the characters of frames.
    public nonisolated func transmit(_ transmission: LightTransmission) {
        transmit(characters: transmission.characters)
    }

    /// Sends any characters.
    public nonisolated func transmit(characters: [UInt8]) {
        assumeIsolated { port in port.tell { $0.transmit(characters, at: $1) } }
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
        retry?.cancel()
        let (closed, begins, notice) = life.end()
        notice?.tell()
        if begins {
            if driver == nil { finishClosing() } else { tell { $0.close(at: $1) } }
        }
        return closed
    }

    private func finishClosing() {
        dropLine()
        life.hasClosed()?.tell()
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
        guard !life.isClosing else { return finishClosing() }
        dropLine()
        life.isGone(error)?.tell()
        guard life.isLost else { return }
        retry?.cancel()
        retry = clock.schedule(at: clock.now + PortLife.retryTime) {
            self.assumeIsolated { port in
                if port.life.isLost { port.openLine() }
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

    private var now: Duration { Duration(clock.now - start) }

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
            wake = clock.schedule(at: start + TimeAmount(moment)) {
                self.assumeIsolated { port in port.tell { $0.wake(at: $1) } }
            }
        case .received(let bytes): life.report?(.received(bytes))
        case .transmitted: life.report?(.transmitted)
        case .ready: life.isReady(capabilities)?.tell()
        // A station that went on at another speed than its dongle would be deaf.
        case .changeFailed(let problem): life.isImpaired(error(problem))?.tell()
        case .failed(let problem): lost(error(problem))
        case .closed: finishClosing()
        }
    }

    private func error(_ problem: SerialProblem) -> SocketError {
        SocketError(
            .WSAENETDOWN, operation: "use \(name)", reason: problem.description,
            advice: "Is it the right --dongle? `irsock probe --port \(name)` tries them all")
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
            poll = clock.schedule(at: clock.now + .milliseconds(1)) {
                self.assumeIsolated { $0.lookAfterOutput(number) }
            }
        } catch {
            lost(error)
        }
    }
}
