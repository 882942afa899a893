import Testing

@testable import IrDAProtocol

/// One IrLAP machine, driven by hand: it keeps the clock, and the timers that the actions ask for.
///
/// Every method feeds one event and gives the actions that came back, for a comparison with those that the charts demand.
struct LAPDriver {
    /// The two stations of the worked examples.
    static let address = DeviceAddress(rawValue: 0x1234_5678)
    static let peer = DeviceAddress(rawValue: 0x9ABC_DEF1)
    static let info = DeviceInfo(name: "SwiftIR", hints: [.computer, .obex])
    static let printer = DeviceInfo(name: "Printer-B", hints: [.computer, .obex])
    /// What the examples announce: 9600 to 115200 bit/s, 2048 bytes, 7 frames, no extra BOFs, 10 ms, 3 to 12 s.
    static let parameters: NegotiationParameters = {
        var parameters = NegotiationParameters.standard
        parameters.disconnectTimes = [.s3, .s8, .s12]
        return parameters
    }()

    var lap: IrLAP
    private(set) var now = IrDAInstant.start
    private(set) var timers: [IrLAPTimer: IrDAInstant] = [:]

    init(
        address: DeviceAddress = address, info: DeviceInfo = info, parameters: NegotiationParameters = parameters,
        seed: UInt64 = 1, _ change: (inout IrLAP.Configuration) -> Void = { _ in }
    ) {
        var configuration = IrLAP.Configuration(address: address, info: info, parameters: parameters)
        // The slots of the worked examples.
        configuration.discoveryPace = .patient
        change(&configuration)
        lap = IrLAP(configuration: configuration, seed: seed, at: .start)
    }

    /// A station that has listened to a quiet medium for a second.
    static func listening(
        address: DeviceAddress = address, info: DeviceInfo = info, parameters: NegotiationParameters = parameters,
        seed: UInt64 = 1, _ change: (inout IrLAP.Configuration) -> Void = { _ in }
    ) -> Self {
        var driver = Self(address: address, info: info, parameters: parameters, seed: seed, change)
        driver.wait(.seconds(1))
        return driver
    }

    // MARK: Time

    func after(_ duration: Duration) -> IrDAInstant { now.advanced(by: duration) }
    func after(milliseconds: Int) -> IrDAInstant { after(.milliseconds(milliseconds)) }

    mutating func wait(_ duration: Duration) { now = after(duration) }

    /// Lets a running timer come due, and moves the clock there.
    mutating func fire(_ timer: IrLAPTimer, sourceLocation: SourceLocation = #_sourceLocation) -> [IrLAPAction] {
        guard let due = timers.removeValue(forKey: timer) else {
            Issue.record("the \(timer) timer does not run", sourceLocation: sourceLocation)
            return []
        }
        now = max(now, due)
        return keep(lap.timerFired(timer, at: now))
    }

    /// Feeds a timer that does not run: one that crossed with the event that made it pointless.
    mutating func fireStale(_ timer: IrLAPTimer) -> [IrLAPAction] { keep(lap.timerFired(timer, at: now)) }

    // MARK: The medium

    mutating func receive(_ frame: String) -> [IrLAPAction] { receive(hex(frame)) }
    mutating func receive(_ frame: [UInt8]) -> [IrLAPAction] { keep(lap.received(frame, at: now)) }
    mutating func sense() { lap.lightSensed(at: now) }
    mutating func garbage() { lap.receivedGarbage(at: now) }
    /// The light of the last `transmit` goes out, some time after it went on.
    mutating func sent(after duration: Duration = .milliseconds(30)) -> [IrLAPAction] {
        wait(duration)
        return keep(lap.transmissionEnded(at: now))
    }

    // MARK: The layer above

    mutating func discover(_ slots: SlotCount) -> [IrLAPAction] { keep(lap.discover(slots, at: now)) }
    mutating func connect(to peer: DeviceAddress = peer) -> [IrLAPAction] { keep(lap.connect(to: peer, at: now)) }
    mutating func accept() -> [IrLAPAction] { keep(lap.acceptConnection(at: now)) }
    mutating func refuse() -> [IrLAPAction] { keep(lap.refuseConnection(at: now)) }
    mutating func send(_ information: String) -> [IrLAPAction] { send(hex(information)) }
    mutating func send(_ information: [UInt8]) -> [IrLAPAction] { keep(lap.send(information, at: now)) }
    mutating func disconnect() -> [IrLAPAction] { keep(lap.disconnect(at: now)) }
    mutating func reset() -> [IrLAPAction] { keep(lap.reset(at: now)) }
    mutating func setBusy(_ isBusy: Bool) -> [IrLAPAction] { keep(lap.setBusy(isBusy, at: now)) }
    mutating func becomePrimary() -> [IrLAPAction] { keep(lap.becomePrimary(at: now)) }
    mutating func sniff(_ isOn: Bool) -> [IrLAPAction] { keep(lap.sniff(isOn, at: now)) }
    mutating func connectToSniffer() -> [IrLAPAction] { keep(lap.connect(toSniffer: Self.peer, at: now)) }
    mutating func resolve(_ slots: SlotCount) -> [IrLAPAction] {
        keep(lap.resolveConflict(of: Self.peer, slots: slots, at: now))
    }
    mutating func abort() -> [IrLAPAction] { keep(lap.abortDiscovery(at: now)) }

    private mutating func keep(_ actions: [IrLAPAction]) -> [IrLAPAction] {
        for action in actions {
            switch action {
            case .setTimer(let timer, let moment): timers[timer] = moment
            case .cancelTimer(let timer): timers[timer] = nil
            case .transmit, .setBaudRate, .indicate: break
            }
        }
        return actions
    }
}

extension IrLAPAction {
    /// Frames of a link, with the fillers that the peer asked for.
    static func frames(_ frames: String..., bofs: Int = 0) -> Self { .transmitting(frames, bofs: bofs) }

    /// One frame outside a connection: ten XBOFs (IrLAP 1.1, 6.6.10).
    static func contention(_ frame: String) -> Self { .transmitting([frame], bofs: 10) }

    private static func transmitting(_ frames: [String], bofs: Int) -> Self {
        .transmit(
            frames.compactMap { text in
                guard let frame = IrLAPFrame(bytes: hex(text)) else {
                    Issue.record("no frame: \(text)")
                    return nil
                }
                return IrLAPTransmission(frame: frame, additionalBOFs: bofs)
            })
    }

    /// What `transmit` puts on the air, as a trace shows it; empty for other actions.
    var transmitted: [[UInt8]] {
        guard case .transmit(let frames) = self else { return [] }
        return frames.map(\.frame.bytes)
    }
}

extension [IrLAPAction] {
    /// The frames that the actions put on the air.
    var transmitted: [[UInt8]] { flatMap(\.transmitted) }

    /// Back to NDM at 9600 bit/s with a word to the layer above.
    static func leaving(_ reason: IrLAPDisconnectReason) -> Self {
        [IrLAPTimer.poll, .final, .watchdog, .turnaround, .backoff].map(IrLAPAction.cancelTimer)
            + [.setBaudRate(.rate9600), .indicate(.disconnected(reason))]
    }
}
