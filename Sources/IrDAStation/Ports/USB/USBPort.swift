import DequeModule
import IrDAAdapters
public import IrDAProtocol
public import NIOCore
import SocketBackends

/// A port to the light through a USB adapter.
///
/// The driver is a pure machine (`USBDriver`); this gives it a device and a clock. An adapter that was unplugged is looked for every
/// second, and set up anew when it is there again.
public final actor USBPort: LightPort {
    nonisolated let loop: any EventLoop
    /// Makes the event loop the place where this actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// What people call it.
    public nonisolated let name: String
    private let source: any USBDeviceSource
    private let clock: any PortClock
    private var life: PortLife
    private var device: (any USBDevice)?
    private var driver: USBDriver?
    private var pending: Deque<USBDriver.Action> = []
    private var isPerforming = false
    private var wake: PortAlarm?
    private var retry: PortAlarm?
    /// Devices that were lost may still have something to say; it counts no more.
    private var number = 0
    private let start: NIODeadline
    /// The speed that transmissions are made for, which the adapter may have to reach first.
    private var rate = 9600

    /// Describes a port; it is not opened yet.
    init(_ source: any USBDeviceSource, on loop: any EventLoop, clock: (any PortClock)? = nil) {
        self.source = source
        self.loop = loop
        let clock = clock ?? LoopClock(loop: loop)
        self.clock = clock
        start = clock.now
        name = source.name
        life = PortLife(name: name, on: loop)
    }

    // MARK: The port's side

    /// Opens the device and sets the adapter up.
    public nonisolated func open(
        on loop: any EventLoop, report: @escaping @Sendable (LightPortEvent) -> Void
    ) -> EventLoopFuture<LightPortCapabilities> {
        assumeIsolated { port in
            let opened = port.life.begin(report: report)
            port.openDevice()
            return opened
        }
    }

    /// Sends frames, in the form that the adapter takes at the present speed.
    public nonisolated func transmit(_ transmission: LightTransmission) {
        assumeIsolated { port in
            let rate = port.rate
            port.tell { driver, now in
                driver.transmit(
                    LightFramer.light(transmission.frames, asFrames: driver.takesFrames(at: rate)),
                    keeping: transmission.turnaround, at: now)
            }
        }
    }

    /// Changes the speed.
    public nonisolated func setRate(_ rate: BaudRate) {
        assumeIsolated { port in
            port.rate = rate.bitsPerSecond
            port.tell { $0.setRate(rate.bitsPerSecond, at: $1) }
        }
    }

    /// Puts the adapter to rest and gives it back.
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
        dropDevice().whenComplete { _ in self.assumeIsolated { $0.life.hasClosed()?.tell() } }
    }

    // MARK: The device

    private func openDevice() {
        number += 1
        let number = number
        source.open(on: loop).whenComplete { result in self.assumeIsolated { $0.opened(result, number) } }
    }

    private func opened(_ result: Result<any USBDevice, any Error>, _ number: Int) {
        switch result {
        case .failure(let error):
            guard number == self.number else { return }
            lost((error as? SocketError) ?? SocketError(.WSAENETDOWN, operation: "open \(name)", reason: "\(error)"))
        case .success(let device):
            guard number == self.number else {
                _ = device.close()
                return
            }
            self.device = device
            rate = 9600
            driver = USBDriver(device.adapter)
            tell { $0.open(at: $1) }
        }
    }

    /// Lets the device go.
    ///
    /// - Returns: when it has been given back.
    @discardableResult
    private func dropDevice() -> EventLoopFuture<Void> {
        number += 1
        wake?.cancel()
        driver = nil
        pending = []
        return device.take()?.close() ?? loop.makeSucceededVoidFuture()
    }

    private func lost(_ error: SocketError) {
        let givenBack = dropDevice()
        guard !life.isClosing else {
            // It is not closed before the device has been given back.
            givenBack.whenComplete { _ in self.assumeIsolated { $0.life.hasClosed()?.tell() } }
            return
        }
        life.isGone(error)?.tell()
        guard life.isLost else { return }
        retry?.cancel()
        retry = clock.schedule(at: clock.now + PortLife.retryTime) {
            self.assumeIsolated { port in
                if port.life.isLost { port.openDevice() }
            }
        }
    }

    // MARK: The driver

    private var now: Duration { Duration(clock.now - start) }

    private func tell(_ event: (inout USBDriver, Duration) -> [USBDriver.Action]) {
        guard let actions = driver.mutate({ event(&$0, now) }) else { return }
        pending += actions
        // What carrying out an action brings about at once waits for its turn: actions have an order.
        guard !isPerforming else { return }
        isPerforming = true
        while !pending.isEmpty { perform(pending.removeFirst()) }
        isPerforming = false
    }

    private func perform(_ action: USBDriver.Action) {
        switch action {
        case .submit(let transfer, let limit):
            watch(device?.perform(transfer, limit: limit)) { $0.completed($1, at: $2) }
        case .listen: watch(device?.listen()) { $0.heard($1, at: $2) }
        case .stopListening: device?.stopListening()
        case .wake(let moment):
            wake?.cancel()
            wake = clock.schedule(at: start + TimeAmount(moment)) {
                self.assumeIsolated { port in port.tell { $0.wake(at: $1) } }
            }
        case .received(let light): life.report?(LightFramer.event(light))
        case .transmitted: life.report?(.transmitted)
        case .ready: if let driver { life.isReady(LightPortCapabilities(driver.adapter))?.tell() }
        case .failed(let problem):
            lost(
                SocketError(
                    .WSAENETDOWN, operation: "use \(name)", reason: problem.description, advice: problem.advice))
        case .closed: finishClosing()
        }
    }

    /// Tells the driver how something ended that the device does.
    private func watch(
        _ outcome: EventLoopFuture<USBOutcome>?,
        _ event: @escaping @Sendable (inout USBDriver, USBOutcome, Duration) -> [USBDriver.Action]
    ) {
        let number = number
        outcome?.whenSuccess { outcome in
            self.assumeIsolated { port in
                guard number == port.number else { return }
                port.tell { event(&$0, outcome, $1) }
            }
        }
    }
}
