import IrDABackend
import IrDAProtocol
public import IrDASimulation
import NIOCore
import NIOPosix
public import SocketBackends

/// Runs a simulation for programs: against the clock on the wall, with real descriptors at its stations.
///
/// Everything happens on one event loop, which is the executor of this actor. Programs on any thread reach it through the
/// endpoints and providers that it hands out.
public actor SimulationHost {
    nonisolated let loop: any EventLoop
    /// Makes the event loop the place where this actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    var simulation: Simulation
    private var pace: Pace
    private var capture: CaptureFile?
    private var captureFailure: CaptureError?
    private var nextTick: Scheduled<Void>?
    var isClosed = false
    /// Whether events are being delivered; a write to a program may end at once and bring the clock forward meanwhile.
    var isDelivering = false

    /// Sockets whose connect is under way.
    var opening: [HostedConnection: Opening] = [:]
    /// Connections that have a program at their end.
    var programs: [HostedConnection: ProgramEnd] = [:]
    /// Services of listening sockets.
    var listeners: [HostedService: SimulatedEndpoint] = [:]
    var discoveries: [StationID: [EventLoopPromise<Result<DiscoveryReport, SocketError>>]] = [:]
    var queries: [IASQueryID: EventLoopPromise<IASQueryOutcome>] = [:]
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
        loop = MultiThreadedEventLoopGroup.singleton.next()
        self.simulation = simulation
        pace = Pace(speed, startingAt: .now())
        self.capture = capture
    }

    // MARK: Calls from programs

    /// Runs something on the event loop and waits for it.
    ///
    /// - Throws: WSAENETDOWN when the host is closed.
    nonisolated func onLoop<Value: Sendable>(
        for operation: String, _ body: @escaping @Sendable (isolated SimulationHost) -> Result<Value, SocketError>
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
        SocketError(.WSAENETDOWN, operation: operation, reason: "the simulated medium has been closed")
    }

    // MARK: The clock

    /// Lets the medium catch up with the wall clock, so that a request is made at the right moment.
    func catchUp() {
        simulation.run(until: pace.moment(at: .now()))
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
            let wall = NIODeadline.now()
            if mayJump, let next = simulation.nextMoment {
                _ = simulation.step(until: next)
                pace.jumped(to: simulation.now, at: wall)
            } else if !simulation.step(until: pace.moment(at: wall)) {
                break
            }
            if deliverEvents() { break }
        }
        writeCapture()
        guard let next = simulation.nextMoment else { return }
        let due = mayJump ? .now() + Self.turn : max(pace.wallTime(of: next), .now() + Self.turn)
        nextTick = loop.scheduleTask(deadline: due) { self.assumeIsolated { $0.tick() } }
    }

    private static let stepsATick = 1000
    /// Long enough that the event loop looks at its descriptors in between.
    private static let turn = TimeAmount.microseconds(20)

    private var mayJump: Bool { pace.speed == .maximum && simulation.isBusy }

    /// How long the medium has been running, by its own clock.
    public nonisolated var elapsed: Duration {
        get throws(SocketError) {
            try onLoop(for: "read the clock") { host in
                .success(IrDAInstant.start.duration(to: host.simulation.now))
            }
        }
    }

    private func writeCapture() {
        for frame in simulation.takeObservedFrames() where captureFailure == nil {
            do throws(CaptureError) {
                try capture?.write(frame)
            } catch {
                captureFailure = error  // The simulation goes on without a capture.
            }
        }
    }

    // MARK: The end

    /// Something that a thread waits for.
    struct Waiter {
        let holds: @Sendable (isolated SimulationHost) -> Bool
        let promise: EventLoopPromise<Void>
    }

    /// Lets what programs have written go out, ends all links and the programs of `exec:` services, and stops the clock.
    ///
    /// - Parameter patience: how long the first may take on the medium.
    /// - Throws: WSAENETDOWN if the process is ending already.
    public nonisolated func close(patience: Duration = .seconds(60)) throws(SocketError) {
        let operation = "close the simulated medium"
        let deadline = try onLoop(for: operation) { host in
            host.catchUp()
            return .success(host.simulation.now.advanced(by: patience))
        }
        try wait(for: operation) { host in
            host.isClosed || host.simulation.now >= deadline
                || !host.programs.values.contains { $0.endpoint?.descriptor.isClosed == true }
        }
        try onLoop(for: operation) { host in
            host.endLinks(by: deadline)
            return .success(())
        }
        try wait(for: operation) { host in host.runners.isEmpty }
    }

    /// Why the capture is not complete; nil if it is.
    public nonisolated var captureError: CaptureError? {
        get throws(SocketError) {
            try onLoop(for: "look after the capture") { host in .success(host.captureFailure) }
        }
    }

    private nonisolated func wait(
        for operation: String, until holds: @escaping @Sendable (isolated SimulationHost) -> Bool
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

    /// Ends every link, as when a station is switched off. Nobody is waited for any more, so it happens at once.
    private func endLinks(by deadline: IrDAInstant) {
        guard !isClosed else { return }
        _ = simulation.run(until: deadline, or: { !$0.isBusy })
        deliverEvents()
        let stations = simulation.stations
        for station in stations { simulation.tell(station) { $0.disconnectLink(at: $1) } }
        _ = simulation.run(
            until: deadline.advanced(by: Self.disconnectTime),
            or: { simulation in
                stations.allSatisfy { simulation.stack(of: $0).peer == nil }
            })
        deliverEvents()
        writeCapture()
        isClosed = true
        nextTick?.cancel()
        capture = nil
        abandonPrograms()
    }

    /// A DISC and its repetitions take no longer.
    private static let disconnectTime = Duration.seconds(5)
}
