import IrDABackend
import IrDAProtocol
public import IrDASimulation
import NIOCore
import NIOPosix
import SocketBackends
import struct SystemPackage.Errno

/// Runs stations for programs: against the clock on the wall, with real descriptors at their sockets.
///
/// The stations are those of a simulated medium, or one on a real port. Everything happens on one event loop, which is the
/// executor of this actor. Programs on any thread reach it through the endpoints and providers that it hands out.
public actor StationHost {
    nonisolated let loop: any EventLoop
    /// Makes the event loop the place where this actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    var medium: any StationMedium
    /// The port behind the medium; nil for a simulated one.
    var port: (any LightPort)?
    /// Told when the port is lost, and when it is back.
    var portReport: (@Sendable (SocketError?) -> Void)?
    /// Why the port cannot be used at present.
    var trouble: SocketError?
    let clock: any PortClock
    private var pace: Pace
    private var capture: CaptureFile?
    private var captureFailure: CaptureError?
    private var nextTick: PortAlarm?
    private(set) var isClosed = false
    /// When a host that is being closed waits no longer for links to end.
    var endOfLinks: IrDAInstant?
    /// Whether events are being delivered; a write to a program may end at once and bring the clock forward meanwhile.
    var isDelivering = false

    /// Sockets whose connect is under way.
    var opening: [HostedConnection: Opening] = [:]
    /// Connections that have a program at their end.
    var programs: [HostedConnection: ProgramEnd] = [:]
    /// Services of listening sockets.
    var listeners: [HostedService: StationEndpoint] = [:]
    /// Who waits for the end of a discovery.
    var discoveries: [StationID: [DiscoveryHandler]] = [:]
    /// Who waits for the answer to a query.
    var queries: [HostedQuery: QueryHandler] = [:]
    /// Who waits for a device.
    var deviceWaits: [HostedDeviceWait: @Sendable (isolated StationHost, DiscoveryRecord?) -> Void] = [:]
    /// Sockets of Ultra, which have no connections, by their station.
    var ultras: [StationID: [UltraEnd]] = [:]
    /// What stations hint at by themselves, where sockets have added to it, and what those have added.
    var ownHints: [StationID: ServiceHints] = [:]
    var hinting: [StationID: [ObjectIdentifier: UInt16]] = [:]
    /// Made when the first descriptor is watched that is not NIO's.
    var watcher: DescriptorWatcher?
    /// Who waits for a link to be down.
    var linkWaits: [StationID: [@Sendable (isolated StationHost) -> Void]] = [:]
    /// Programs of `exec:` services that are running.
    var runners: [HostedConnection: Task<Void, Never>] = [:]
    private var waiters: [Waiter] = []

    /// Starts to run a simulation.
    ///
    /// - Parameters:
    ///   - simulation: the stations and the medium.
    ///   - speed: how fast its clock runs.
    ///   - capture: where the frames of the simulation's observed station are written.
    public init(_ simulation: Simulation, speed: Speed, capture: consuming CaptureFile? = nil) {
        self.init(simulation, speed: speed, capture: capture, on: MultiThreadedEventLoopGroup.singleton.next())
    }

    init(
        _ medium: any StationMedium, speed: Speed, capture: consuming CaptureFile?, clock: (any PortClock)? = nil,
        on loop: any EventLoop
    ) {
        self.loop = loop
        self.medium = medium
        let clock = clock ?? LoopClock(loop: loop)
        self.clock = clock
        pace = Pace(speed, startingAt: clock.now)
        self.capture = capture
    }

    // MARK: Calls from programs

    /// Runs something on the event loop and waits for it.
    ///
    /// - Throws: WSAENETDOWN when the host is closed.
    nonisolated func onLoop<Value: Sendable>(
        for operation: String, _ body: @escaping @Sendable (isolated StationHost) -> Result<Value, SocketError>
    ) throws(SocketError) -> Value {
        let result: Result<Value, SocketError>
        if loop.inEventLoop {
            result = assumeIsolated(body)
        } else {
            do {
                result = try loop.submit { self.assumeIsolated(body) }.wait()
            } catch {
                throw Self.closedError(operation)
            }
        }
        return try result.get()
    }

    static func closedError(_ operation: String) -> SocketError {
        SocketError(.WSAENETDOWN, errno: .networkDown, operation: operation, reason: "the station has been closed")
    }

    /// Why nothing can be sent at present; nil if it can.
    func obstacle(for operation: String) -> SocketError? {
        if isClosed { return Self.closedError(operation) }
        return trouble.map { trouble in
            SocketError(
                .WSAENETDOWN, errno: .networkDown, operation: operation, reason: trouble.reason, advice: trouble.advice)
        }
    }

    // MARK: The clock

    /// Lets the medium catch up with the wall clock, so that a request is made at the right moment.
    func catchUp() {
        medium.run(until: pace.moment(at: clock.now))
        deliverEvents()
    }

    /// Carries out what is due, and arranges for what is due later.
    func tick() {
        nextTick?.cancel()
        nextTick = nil
        defer { releaseWaiters() }
        guard !isClosed else { return }
        deliverEvents()
        // Programs get their turn after a bounded amount of work, and whenever something has happened for one of them.
        for _ in 0..<Self.stepsATick {
            let wall = clock.now
            if mayJump, let next = medium.nextMoment {
                _ = medium.step(until: next)
                pace.jumped(to: medium.now, at: wall)
            } else if !medium.step(until: pace.moment(at: wall)) {
                break
            }
            if deliverEvents() { break }
        }
        commandPort()
        writeCapture()
        guard let next = medium.nextMoment else { return }
        let soon = clock.now + Self.turn
        let due = mayJump ? soon : max(pace.wallTime(of: next), soon)
        nextTick = clock.schedule(at: due) { self.assumeIsolated { $0.tick() } }
    }

    private static let stepsATick = 1000
    /// Long enough that the event loop looks at its descriptors in between.
    private static let turn = TimeAmount.microseconds(20)

    private var mayJump: Bool { pace.speed == .maximum && medium.isBusy }

    /// How long the medium has been running, by its own clock.
    public nonisolated var elapsed: Duration {
        get throws(SocketError) {
            try onLoop(for: "read the clock") { host in
                host.catchUp()
                return .success(IrDAInstant.start.duration(to: host.medium.now))
            }
        }
    }

    private func writeCapture() {
        for frame in medium.takeObservedFrames() where captureFailure == nil {
            do throws(CaptureError) {
                try capture?.write(frame)
            } catch {
                captureFailure = error  // The stations go on without a capture.
            }
        }
    }

    /// Stops the clock; nothing moves any more.
    func stopClock() {
        isClosed = true
        nextTick?.cancel()
        nextTick = nil
        writeCapture()
        capture = nil
    }

    /// Why the capture is not complete; nil if it is.
    public nonisolated var captureError: CaptureError? {
        get throws(SocketError) {
            try onLoop(for: "look after the capture") { host in .success(host.captureFailure) }
        }
    }

    // MARK: Threads that wait

    /// Something that a thread waits for.
    struct Waiter {
        let holds: @Sendable (isolated StationHost) -> Bool
        let promise: EventLoopPromise<Void>
    }

    nonisolated func wait(
        for operation: String, until holds: @escaping @Sendable (isolated StationHost) -> Bool
    ) throws(SocketError) {
        let promise = loop.makePromise(of: Void.self)
        loop.execute {
            self.assumeIsolated { host in
                host.waiters.append(Waiter(holds: holds, promise: promise))
                host.tick()
            }
        }
        do {
            try promise.futureResult.wait()
        } catch {
            throw Self.closedError(operation)
        }
    }

    func releaseWaiters() {
        let held = waiters
        waiters = []
        for waiter in held {
            if waiter.holds(self) { waiter.promise.succeed() } else { waiters.append(waiter) }
        }
    }
}
