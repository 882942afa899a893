import Testing

@testable import IrDAProtocol

/// Setting up a connection as the one who asks: NDM to SETUP to NRM (IrLAP 1.1, 6.11).
@Suite struct ConnectionSetupTests {
    @Test("IrLAP 1.1, 5.7.1.1: the SNRM of the worked example, with every bit below a type 1 value set (6.6.11)")
    func snrm() {
        var driver = LAPDriver.listening(seed: LAPDriver.seedFor2A)
        #expect(
            driver.connect() == [
                .contention("FF 93 78563412 F1DEBC9A 54 01013E 820101 83013F 84017F 8501FF 860101 080107")
            ])
        #expect(driver.sent() == [.setTimer(.final, driver.after(milliseconds: 500))])
        #expect(driver.lap.peer == LAPDriver.peer && !driver.lap.isConnected && driver.lap.isBusy)
    }

    @Test("IrLAP 1.1, 6.11.3.2: UA, change of speed, the secondary's turn-around time, then RR with P at the new speed")
    func accepted() {
        var driver = LAPDriver.listening(seed: LAPDriver.seedFor2A)
        _ = driver.connect()
        _ = driver.sent()
        driver.wait(.milliseconds(60))
        let parameters = LinkParameters(
            baudRate: .rate115200,
            transmit: .init(
                dataSize: 2048, windowSize: 7, capacityWindow: 2, additionalBOFs: .bofs0,
                minimumTurnaround: .milliseconds(5), maximumTurnaround: .milliseconds(500), lineCapacity: 4800,
                turnaroundBytes: 58),
            receive: .init(
                dataSize: 2048, windowSize: 7, capacityWindow: 2, additionalBOFs: .bofs0,
                minimumTurnaround: .milliseconds(10), maximumTurnaround: .milliseconds(500), lineCapacity: 4800,
                turnaroundBytes: 115),
            disconnectTime: .seconds(12), thresholdTime: .seconds(3))
        #expect(
            driver.receive(LAPDriver.ua) == [
                .cancelTimer(.final), .setBaudRate(.rate115200), .setTimer(.turnaround, driver.after(milliseconds: 5)),
                .indicate(.connected(peer: LAPDriver.peer, role: .primary, parameters: parameters)),
            ])
        #expect(driver.lap.isConnected)
        // What the layer above has to say at once waits for the answer.
        #expect(driver.send("80 10 01 00") == [])
        #expect(driver.fire(.turnaround) == [.cancelTimer(.poll), .frames("55 11")])
        #expect(driver.sent() == [.setTimer(.final, driver.after(milliseconds: 500))])
        _ = driver.receive("54 11")
        #expect(driver.fire(.turnaround) == [.cancelTimer(.poll), .frames("55 10 80 10 01 00")])
    }

    @Test(
        "IrLAP 1.1, 6.6.11: speed, disconnect time, fillers and turn-around time follow from both announcements",
        arguments: [
            // The peer's parameters; the speed, its turn-around time in us, its fillers at that speed, the times in s.
            ("", BaudRate.rate9600, 10_000, 0, 12, 3),
            ("010102 080101", .rate9600, 10_000, 0, 3, 0),
            ("01010E 850101 860180 080103", .rate38400, 0, 16, 8, 3),
            ("01023E01 850108 860104 08017F", .rate115200, 1000, 6, 12, 3),
            ("010120 850110 860102 080102", .rate115200, 5000, 3, 8, 3),
            ("990355AAFF 01011E 8501FF", .rate57600, 10_000, 0, 12, 3),
        ])
    func negotiation(
        parameters: String, rate: BaudRate, turnaround: Int, fillers: Int, disconnect: Int, threshold: Int
    ) {
        var driver = LAPDriver.listening(seed: LAPDriver.seedFor2A)
        _ = driver.connect()
        _ = driver.sent()
        let actions = driver.receive("54 73 F1DEBC9A 78563412 " + parameters)
        #expect(actions.contains(.setBaudRate(rate)))
        #expect(actions.contains(.setTimer(.turnaround, driver.after(.microseconds(turnaround)))))
        guard case .indicate(.connected(_, .primary, let negotiated)) = actions.last else {
            Issue.record("not connected: \(actions)")
            return
        }
        #expect(negotiated.disconnectTime == .seconds(disconnect))
        #expect(negotiated.thresholdTime == .seconds(threshold))
        #expect(driver.fire(.turnaround).last == .frames("55 11", bofs: fillers))
    }

    @Test(
        "IrLAP 1.1, 6.11.3.5: three repetitions, each after 0.5 to 1.5 SNRM durations; then it has failed"
    )
    func retries() {
        var backoffs: Set<Int> = []
        for seed in 1...40 as ClosedRange<UInt64> {
            var driver = LAPDriver.listening(seed: seed)
            let snrm = driver.connect()
            for _ in 0..<3 {
                _ = driver.sent()
                guard case .setTimer(.backoff, let moment)? = driver.fire(.final).first else {
                    Issue.record("no backoff, seed \(seed)")
                    return
                }
                backoffs.insert(Int(driver.now.duration(to: moment) / .milliseconds(1)))
                #expect(driver.fire(.backoff) == snrm, "the same SNRM again")
            }
            _ = driver.sent()
            #expect(driver.fire(.final) == .leaving(.noAnswer))
        }
        #expect(
            (backoffs.min() ?? 0) >= 24 && (backoffs.max() ?? 0) <= 72 && backoffs.count > 20, "\(backoffs.sorted())")
    }

    @Test(
        "IrLAP 1.1, 6.11.3.2: the answer to a repeated SNRM connects, also during the backoff",
        arguments: [false, true])
    func lateAnswer(duringBackoff: Bool) {
        var driver = LAPDriver.listening(seed: LAPDriver.seedFor2A)
        _ = driver.connect()
        _ = driver.sent()
        _ = driver.fire(.final)
        if !duringBackoff {
            _ = driver.fire(.backoff)
            _ = driver.sent()
        }
        #expect(driver.receive(LAPDriver.ua).contains(.setBaudRate(.rate115200)))
        #expect(driver.fireStale(.backoff) == [])
        #expect(driver.fire(.turnaround).transmitted == [hex("55 11")])
    }

    @Test(
        "IrLAP 1.1, 5.7.1.9: DM refuses, on the offered address or on broadcast, and so does DISC",
        arguments: ["54 1F", "FE 1F", "FE 1F F1DEBC9A 78563412", "55 53"])
    func refused(frame: String) {
        var driver = LAPDriver.listening(seed: LAPDriver.seedFor2A)
        _ = driver.connect()
        _ = driver.sent()
        #expect(driver.receive(frame) == .leaving(.refused))
        #expect(driver.timers.isEmpty && driver.lap.peer == nil)
    }

    @Test(
        "IrLAP 1.1, 6.11.3.2: every other frame in SETUP does nothing",
        arguments: [
            "56 73 F1DEBC9A 78563412", "56 1F", "54 11", "55 11", "54 10 AA", "FF 3F 01 F1DEBC9A FFFFFFFF 00 00 00",
            "FE BF 01 F1DEBC9A 78563412 01 00 00", "FF F3 F1DEBC9A 78563412 AA", "FF 03 70 70", "54 97 00 00 01",
            "FF FF",
            "FF 93 F1DEBC9A 01020304 54 01013E",  // an SNRM for somebody else
        ])
    func otherFrames(frame: String) {
        var driver = LAPDriver.listening(seed: LAPDriver.seedFor2A)
        _ = driver.connect()
        _ = driver.sent()
        #expect(driver.receive(frame) == [])
    }

    @Test("IrLAP 1.1, 6.11.3.2: of two SNRMs that cross the one of the greater address wins", arguments: [false, true])
    func collision(duringBackoff: Bool) {
        // The greater address ignores the other's SNRM and waits for its UA.
        var greater = LAPDriver.listening(address: LAPDriver.peer, seed: LAPDriver.seedFor2A)
        _ = greater.connect(to: LAPDriver.address)
        _ = greater.sent()
        #expect(
            greater.receive("FF 93 78563412 F1DEBC9A 60 01013E 820101 83013F 84017F 850180 860101 080107") == [])
        #expect(greater.timers[.final] != nil)

        // The smaller becomes secondary, and says so upwards as with any other connection.
        var smaller = LAPDriver.listening()
        _ = smaller.connect()
        _ = smaller.sent()
        if duringBackoff { _ = smaller.fire(.final) }
        #expect(
            smaller.receive("FF 93 F1DEBC9A 78563412 54 01013E 820101 83013F 84017F 850180 860101 080107") == [
                .cancelTimer(.final), .cancelTimer(.backoff), .setTimer(.turnaround, smaller.after(milliseconds: 10)),
            ])
        let actions = smaller.fire(.turnaround)
        #expect(
            actions.first == .contention("54 73 78563412 F1DEBC9A 01013E 820101 83013F 84017F 8501FF 860101 080107"))
        guard case .indicate(.connected(LAPDriver.peer, .secondary, _)) = actions.last else {
            Issue.record("not connected: \(actions)")
            return
        }
    }

    @Test("An attempt that is given up ends at once, before and after the SNRM has left", arguments: [false, true])
    func givenUp(sent: Bool) {
        var driver = LAPDriver.listening(seed: LAPDriver.seedFor2A)
        _ = driver.connect()
        if sent { _ = driver.sent() }
        #expect(driver.disconnect() == .leaving(.requested))
        if !sent { _ = driver.sent() }
        #expect(driver.receive(LAPDriver.ua) == [])
        #expect(driver.fireStale(.final) == [])
    }

    @Test("A request is refused while a connection is being set up")
    func refusedRequests() {
        var driver = LAPDriver.listening()
        _ = driver.connect()
        #expect(driver.discover(.one) == [.indicate(.discoveryEnded(.linkInUse))])
        #expect(driver.connect() == [.indicate(.disconnected(.mediaBusy))])
    }
}
