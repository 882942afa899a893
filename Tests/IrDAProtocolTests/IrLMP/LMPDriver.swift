import Testing

@testable import IrDAProtocol

/// One IrLMP station, driven by hand; every method feeds one event and gives the actions that came back.
struct LMPDriver {
    static let peer = DeviceAddress(rawValue: 0x9ABC_DEF1)
    static let other = DeviceAddress(rawValue: 0x0102_0304)

    var lmp: IrLMP
    private(set) var now = IrDAInstant.start
    private(set) var timers: [IrLMPTimer: IrDAInstant] = [:]

    init(lmp: IrLMP = IrLMP()) {
        self.lmp = lmp
    }

    /// A station with LSAP 12 registered, and a link to the peer.
    static func linked() -> Self {
        var driver = Self()
        _ = driver.lmp.register(LSAPSelector(rawValue: 0x12))
        _ = driver.linkUp()
        return driver
    }

    /// The same with a connection from our LSAP 10 to LSAP 12 of the peer that carries data.
    static func connected() -> (driver: Self, id: LSAPConnectionID) {
        var driver = linked()
        let id = driver.connect(to: 0x12).id
        _ = driver.receive("90 12 81 00")
        return (driver, id)
    }

    /// The same, but the peer has connected its LSAP 11 to our LSAP 12.
    static func connectedByPeer() -> (driver: Self, id: LSAPConnectionID) {
        var driver = linked()
        let id = LSAPConnectionID(number: 1)
        _ = driver.receive("92 11 01 00")
        _ = driver.keep(driver.lmp.accept(id))
        return (driver, id)
    }

    /// The watchdog of a connection that waits for its link, and then for the peer (3.5.4.3.5).
    func watchdog(_ id: LSAPConnectionID) -> IrLMPAction { .setTimer(.watchdog(id), after(.seconds(20))) }

    func after(_ duration: Duration) -> IrDAInstant { now.advanced(by: duration) }
    mutating func wait(_ duration: Duration) { now = after(duration) }

    mutating func fire(_ timer: IrLMPTimer, sourceLocation: SourceLocation = #_sourceLocation) -> [IrLMPAction] {
        guard let due = timers.removeValue(forKey: timer) else {
            Issue.record("the \(timer) timer does not run", sourceLocation: sourceLocation)
            return []
        }
        now = max(now, due)
        return keep(lmp.timerFired(timer, at: now))
    }

    mutating func fireStale(_ timer: IrLMPTimer) -> [IrLMPAction] { keep(lmp.timerFired(timer, at: now)) }

    mutating func connect(
        to selector: UInt8, of peer: DeviceAddress = peer, from own: LSAPSelector? = nil, payload: [UInt8] = [],
        patience: Duration = IrLMP.watchdogTime
    ) -> (id: LSAPConnectionID, actions: [IrLMPAction]) {
        let (id, actions) = lmp.connect(
            to: LSAPSelector(rawValue: selector), of: peer, from: own, payload: payload, patience: patience, at: now)
        return (id, keep(actions))
    }

    mutating func accept(_ id: LSAPConnectionID, payload: [UInt8] = []) -> [IrLMPAction] {
        keep(lmp.accept(id, payload: payload))
    }

    mutating func disconnect(_ id: LSAPConnectionID, reason: DisconnectReason = .userRequest) -> [IrLMPAction] {
        keep(lmp.disconnect(id, reason: reason, at: now))
    }

    mutating func setIdle(_ isIdle: Bool, _ id: LSAPConnectionID) -> [IrLMPAction] {
        keep(lmp.setIdle(isIdle, id, at: now))
    }

    func send(_ payload: String, on id: LSAPConnectionID) -> [IrLMPAction] { lmp.send(hex(payload), on: id) }

    mutating func receive(_ pdu: String) -> [IrLMPAction] { keep(lmp.received(hex(pdu), at: now)) }
    mutating func linkUp(to peer: DeviceAddress = peer) -> [IrLMPAction] { keep(lmp.linkConnected(to: peer, at: now)) }
    mutating func linkDown(_ reason: IrLAPDisconnectReason = .linkLost) -> [IrLMPAction] {
        keep(lmp.linkDisconnected(reason, at: now))
    }

    mutating func keep(_ actions: [IrLMPAction]) -> [IrLMPAction] {
        for action in actions {
            switch action {
            case .setTimer(let timer, let moment): timers[timer] = moment
            case .cancelTimer(let timer): timers[timer] = nil
            case .connectLink, .acceptLink, .disconnectLink, .send, .sendUnitData, .indicate, .indicateConnectionless:
                break
            }
        }
        return actions
    }
}

extension IrLMPAction {
    static func pdu(_ text: String) -> Self { .send(hex(text)) }
}
