import DequeModule
import IrDAAdapters
public import IrDAProtocol
public import NIOCore
import NIOPosix
import SocketBackends
import Synchronization

/// A port to the light through a USB adapter.
///
/// The driver is a pure machine (`USBDriver`); this gives it a device and a clock. Transfers block, so each direction has a thread. An
/// adapter that was unplugged is looked for every second, and set up anew when it is there again.
public final actor USBPort: LightPort {
    nonisolated let loop: any EventLoop
    /// Makes the event loop the place where this actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// What people call it.
    public nonisolated let name: String
    /// What the adapter can do.
    public nonisolated let capabilities: LightPortCapabilities
    private let source: any USBDeviceSource

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
    private var device: (any USBDevice)?
    private var driver: USBDriver?
    private var threads: NIOThreadPool?
    private var pending: Deque<USBDriver.Action> = []
    private var isPerforming = false
    private var wake: Scheduled<Void>?
    private var retry: Scheduled<Void>?
    private var listening: Listening?
    /// Devices that were lost may still have something to say; it counts no more.
    private var number = 0
    private let start = NIODeadline.now()
    /// The speed that transmissions are made for, which the adapter may have to reach first.
    private var rate = 9600

    private static let retryTime = TimeAmount.seconds(1)

    /// A listening that can be called off from another thread.
    private final class Listening: Sendable {
        let isOff = Atomic(false)
    }

    /// Describes a port; it is not opened yet.
    init(_ source: any USBDeviceSource, on loop: any EventLoop) {
        self.source = source
        self.loop = loop
        name = source.name
        capabilities = LightPortCapabilities(
            rates: BaudRateSet(source.adapter.rates),
            minimumTurnaround: MinimumTurnaround(atLeast: source.adapter.minimumTurnaround))
    }

    // MARK: The port's side

    /// Opens the device and sets the adapter up.
    public nonisolated func open(
        on loop: any EventLoop, report: @escaping @Sendable (LightPortEvent) -> Void
    ) -> EventLoopFuture<Void> {
        assumeIsolated { port in
            let promise = port.loop.makePromise(of: Void.self)
            port.report = report
            port.phase = .opening(promise)
            let threads = NIOThreadPool(numberOfThreads: 2)
            threads.start()
            port.threads = threads
            port.openDevice()
            return promise.futureResult
        }
    }

    /// Sends the characters of frames.
    public nonisolated func transmit(_ bytes: [UInt8]) {
        assumeIsolated { port in
            let rate = port.rate
            port.tell { driver, now in
                driver.transmit(LightFramer.light(bytes, asFrames: driver.takesFrames(at: rate)), at: now)
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
        dropDevice()
        guard case .closing(let promise) = phase else { return }
        phase = .closed
        guard let threads else { return promise.succeed() }
        // After what the threads are still doing, the giving back of the device included.
        threads.shutdownGracefully { _ in promise.succeed() }
    }

    // MARK: The device

    private func openDevice() {
        number += 1
        let number = number
        run { [source] in
            Result { () throws(SocketError) in try source.open() }
        } then: { port, result in
            port.opened(result, number)
        }
    }

    /// Does something on a thread, and goes on with its result on the loop.
    private func run<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value, then done: @escaping @Sendable (isolated USBPort, Value) -> Void
    ) {
        guard let threads else { return }
        threads.runIfActive(eventLoop: loop, work).whenSuccess { value in self.assumeIsolated { done($0, value) } }
    }

    private func opened(_ result: Result<any USBDevice, SocketError>, _ number: Int) {
        switch result {
        case .failure(let error): lost(error)
        case .success(let device):
            guard number == self.number else { return giveBack(device) }
            self.device = device
            rate = 9600
            driver = USBDriver(device.adapter)
            tell { $0.open(at: $1) }
        }
    }

    private func dropDevice() {
        number += 1
        wake?.cancel()
        driver = nil
        pending = []
        listening?.isOff.store(true, ordering: .relaxed)
        listening = nil
        guard let device else { return }
        self.device = nil
        giveBack(device)
    }

    /// Gives a device back when no thread uses it any more.
    private func giveBack(_ device: any USBDevice) {
        let users = transfers
        guard users > 0 else {
            return run {
                device.close()
            } then: { _, _ in
            }
        }
        leftover.append(device)
    }

    /// Transfers and listenings that are under way on the threads.
    private var transfers = 0
    /// Devices that wait for their last transfer.
    private var leftover: [any USBDevice] = []

    private func transferEnded() {
        transfers -= 1
        guard transfers == 0 else { return }
        for device in leftover {
            run {
                device.close()
            } then: { _, _ in
            }
        }
        leftover = []
    }

    private func lost(_ error: SocketError) {
        dropDevice()
        switch phase {
        case .idle, .closed: return
        case .closing: return finishClosing()
        case .opening(let promise):
            phase = .closed
            threads?.shutdownGracefully { _ in }
            return promise.fail(error)
        case .open:
            phase = .lost
            report?(.lost(error))
        case .lost: break
        }
        retry = loop.scheduleTask(in: Self.retryTime) {
            self.assumeIsolated { port in
                if case .lost = port.phase { port.openDevice() }
            }
        }
    }

    // MARK: The driver

    private var now: Duration { .nanoseconds((NIODeadline.now() - start).nanoseconds) }

    private func tell(_ event: (inout USBDriver, Duration) -> [USBDriver.Action]) {
        pending += driverActions(event)
        // What carrying out an action brings about at once waits for its turn: actions have an order.
        guard !isPerforming else { return }
        isPerforming = true
        while !pending.isEmpty { perform(pending.removeFirst()) }
        isPerforming = false
    }

    private func driverActions(_ event: (inout USBDriver, Duration) -> [USBDriver.Action]) -> [USBDriver.Action] {
        guard var driver else { return [] }
        self.driver = nil
        defer { self.driver = driver }
        return event(&driver, now)
    }

    private func perform(_ action: USBDriver.Action) {
        switch action {
        case .submit(let transfer, let limit): submit(transfer, limit)
        case .listen: listen()
        case .stopListening: listening?.isOff.store(true, ordering: .relaxed)
        case .wake(let moment):
            wake?.cancel()
            wake = loop.scheduleTask(deadline: start + .nanoseconds(IrDAInstant.start.advanced(by: moment).nanoseconds))
            {
                self.assumeIsolated { port in port.tell { $0.wake(at: $1) } }
            }
        case .received(let light): report?(.received(LightFramer.characters(light)))
        case .transmitted: report?(.transmitted)
        case .ready: ready()
        case .failed(let problem):
            lost(
                SocketError(
                    .WSAENETDOWN, operation: "use \(name)", reason: problem.description, advice: problem.advice))
        case .closed: finishClosing()
        }
    }

    private func submit(_ transfer: USBTransfer, _ limit: Duration) {
        guard let device else { return }
        let number = number
        transfers += 1
        run {
            device.perform(transfer, limit: limit)
        } then: { port, outcome in
            port.transferEnded()
            guard number == port.number else { return }
            port.tell { $0.completed(outcome, at: $1) }
        }
    }

    private func listen() {
        guard let device else { return }
        let number = number
        let listening = Listening()
        self.listening = listening
        transfers += 1
        run {
            while true {
                let outcome = device.read()
                guard outcome == .timedOut else { return outcome }
                if listening.isOff.load(ordering: .relaxed) { return .cancelled }
            }
        } then: { port, outcome in
            port.transferEnded()
            guard number == port.number else { return }
            port.tell { $0.heard(outcome, at: $1) }
        }
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
}
