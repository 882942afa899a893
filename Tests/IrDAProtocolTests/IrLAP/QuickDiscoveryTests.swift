import Testing

@testable import IrDAProtocol

/// Slots that are as short as the specification allows (IrLAP 1.1, 6.13.2 and 6.13.5).
@Suite struct QuickDiscoveryTests {
    private static func discovering() -> LAPDriver {
        var driver = LAPDriver.listening { $0.discoveryPace = .quick }
        _ = driver.discover(.one)
        _ = driver.sent()
        return driver
    }

    private static let response = "FE BF 01 F1DEBC9A 78563412 00 00 00 | 84 24 00 \"Printer-B\""

    @Test("A slot in which nobody begins to speak takes 25 ms; the next discovery is patient")
    func empty() {
        var driver = LAPDriver.listening { $0.discoveryPace = .quick }
        _ = driver.discover(.one)
        #expect(driver.sent() == [.setTimer(.slot, driver.after(milliseconds: 25))])
        #expect(driver.fire(.slot).transmitted.count == 1)
        #expect(driver.sent() == [.indicate(.discoveryEnded(.completed([])))])
        driver.wait(.seconds(1))
        _ = driver.discover(.one)
        #expect(driver.sent() == [.setTimer(.slot, driver.after(milliseconds: 80))])
        _ = driver.receive(Self.response)
        _ = driver.fire(.slot)
        _ = driver.sent()
        driver.wait(.seconds(1))
        _ = driver.discover(.one)
        #expect(driver.sent() == [.setTimer(.slot, driver.after(milliseconds: 25))], "it has helped")
    }

    @Test("An answer that has begun ends the slot when it ends")
    func answered() {
        var driver = Self.discovering()
        driver.wait(.milliseconds(9))
        driver.sense()
        #expect(driver.fire(.slot) == [.setTimer(.slot, driver.after(milliseconds: 60))])
        driver.wait(.milliseconds(26))
        #expect(driver.receive(Self.response).transmitted.count == 1)
    }

    @Test("A collision is counted, and the slot ends after 85 ms")
    func collision() {
        var driver = Self.discovering()
        driver.sense()
        _ = driver.fire(.slot)
        driver.garbage()
        #expect(driver.fire(.slot).transmitted.count == 1)
        _ = driver.sent()
        #expect(driver.lap.lastCollisions == 1)
    }

    @Test("6.8.3.2: a discovery that is given up still says that it is over", arguments: [true, false])
    func aborted(duringQuery: Bool) {
        var driver = LAPDriver.listening()
        _ = driver.discover(.six)
        var said: [IrLAPAction]
        if duringQuery {
            #expect(driver.abort() == [])
            said = driver.sent()
        } else {
            _ = driver.sent()
            said = driver.abort()
            #expect(said.first == .cancelTimer(.slot))
        }
        #expect(said.transmitted.first?.dropFirst(12).first == 0xFF)
        #expect(driver.sent() == [.indicate(.discoveryEnded(.aborted))])
        driver.wait(.seconds(1))
        _ = driver.connect()
        #expect(driver.lap.peer == LAPDriver.peer)
    }
}
