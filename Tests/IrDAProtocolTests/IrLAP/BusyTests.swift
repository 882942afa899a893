import Testing

@testable import IrDAProtocol

/// A station that cannot take I frames for a while (the BUSY states of IrLAP 1.1, 6.12).
@Suite struct BusyTests {
    @Test("6.12.3: a busy primary polls by RNR, drops what comes, and RR ends it at once")
    func primary() {
        var driver = LAPDriver.primary()
        _ = driver.fire(.turnaround)
        _ = driver.setBusy(true)
        #expect(driver.fire(.poll).transmitted == [hex("55 15")])
        _ = driver.sent()
        let (heard, said) = driver.turn(after: "54 10 B0")
        #expect(heard == [] && said.transmitted == [hex("55 15")])
        _ = driver.sent()
        _ = driver.turn(after: "54 11")
        #expect(driver.setBusy(false).transmitted == [hex("55 11")])
        _ = driver.sent()
        #expect(driver.turn(after: "54 10 B0").heard == [.indicate(.data(hex("B0")))])
    }

    @Test("6.12.3: a busy primary still sends its own data, and takes what is acknowledged")
    func primarySends() {
        var driver = LAPDriver.primary()
        _ = driver.fire(.turnaround)
        _ = driver.setBusy(true)
        #expect(driver.send("A0").transmitted == [hex("55 10 A0")])
        _ = driver.sent()
        _ = driver.turn(after: "54 30 B0")
        #expect(driver.lap.isDrained)
    }

    @Test("6.12.4: a busy secondary answers RNR, behind its data too; then RR goes first")
    func secondary() {
        var driver = LAPDriver.secondary()
        _ = driver.setBusy(true)
        #expect(driver.answer(to: "55 10 B0").said.transmitted == [hex("54 15")])
        _ = driver.sent()
        _ = driver.send("A0")
        let (heard, said) = driver.answer(to: "55 10 B0")
        #expect(heard == [] && said.transmitted == [hex("54 00 A0"), hex("54 15")])
        _ = driver.sent()
        _ = driver.setBusy(false)
        _ = driver.send("A1")
        #expect(driver.answer(to: "55 31").said.transmitted == [hex("54 11")])
        _ = driver.sent()
        #expect(driver.answer(to: "55 30 B0").heard == [.indicate(.data(hex("B0")))])
    }

    @Test("6.12: UI frames are dropped too while busy")
    func unitData() {
        var driver = LAPDriver.secondary()
        _ = driver.setBusy(true)
        #expect(driver.answer(to: "55 13 CC").heard == [])
    }
}
