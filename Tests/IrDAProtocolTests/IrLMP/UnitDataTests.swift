import Testing

@testable import IrDAProtocol

@Suite("IrLMP unit data")
struct UnitDataTests {
    @Test("IrLMP 1.1, 3.3.3.1.2: data of a connection goes in a UI frame and is told apart")
    func onConnection() {
        let (driver, id) = LMPDriver.connected()
        #expect(driver.lmp.sendUnitData(hex("41"), on: id) == [.sendUnitData(hex("12 10 41"))])
        #expect(driver.lmp.receivedUnitData(hex("10 12 42")) == [.indicate(id, .unitData(hex("42")))])
        #expect(driver.lmp.receivedUnitData(hex("10 92 42")) == [.indicate(id, .unitData(hex("42")))], "a reserved bit")
    }

    @Test(
        "IrLMP 1.1, 3.3.3.1.3: data without a connection has both selectors 70, in UI and in I frames, with a link and without"
    )
    func connectionless() {
        var driver = LMPDriver()
        #expect(driver.lmp.sendConnectionless(hex("01 00")) == [.sendUnitData(hex("70 70 01 00"))])
        #expect(driver.lmp.receivedUnitData(hex("70 70 01 00")) == [.indicateConnectionless(hex("01 00"))])
        _ = driver.linkUp()
        #expect(driver.lmp.sendConnectionless(hex("01 00")) == [.sendUnitData(hex("70 70 01 00"))])
        #expect(driver.lmp.receivedUnitData(hex("70 70 01 00")) == [.indicateConnectionless(hex("01 00"))])
        #expect(driver.receive("70 70 41").first == .indicateConnectionless(hex("41")))
    }

    @Test("IrLMP 1.1, 3.5.2.3.6: no data without a connection while the link changes, or is one connection's alone")
    func refused() {
        var (driver, id) = LMPDriver.connected()
        _ = driver.keep(driver.lmp.requestExclusiveMode(for: id, at: driver.now))
        #expect(driver.lmp.sendConnectionless([1]) == nil)
        _ = driver.receive("90 12 83 00 01")
        #expect(driver.lmp.sendConnectionless([1]) == nil)
        var connecting = LMPDriver()
        _ = connecting.connect(to: 0x12)
        #expect(connecting.lmp.sendConnectionless([1]) == nil)
    }

    @Test("Only a connection that is up, and not locked, sends")
    func notReady() {
        var (driver, id) = LMPDriver.connected()
        let waiting = driver.connect(to: 0x13).id
        #expect(driver.lmp.sendUnitData([1], on: waiting) == [])
        _ = driver.receive("91 13 81 00")
        #expect(driver.lmp.sendUnitData([1], on: waiting) == [.sendUnitData(hex("13 11 01"))])
        _ = driver.setIdle(true, waiting)
        _ = driver.keep(driver.lmp.requestExclusiveMode(for: id, at: driver.now))
        #expect(driver.lmp.sendUnitData([1], on: waiting) == [])
        // What arrives for one that is locked is still delivered (3.5.2.3.4).
        #expect(driver.lmp.receivedUnitData(hex("11 13 05")) == [.indicate(waiting, .unitData([5]))])
        _ = driver.disconnect(id)
        #expect(driver.lmp.sendUnitData([1], on: id) == [])
    }

    @Test(
        "IrLMP 1.1, 3.2.2: what else comes in a UI frame inside the link",
        arguments: [
            ("10 13 41", "93 10 02 06"),  // no such connection
            ("00 10 84", "90 00 02 06"), ("90 12 02 01", ""), ("92 13 01 00", ""),  // control PDUs are discarded
            ("70 12 41", ""), ("12 70 41", ""), ("71 12 41", ""), ("10 7F 41", ""), ("", ""), ("10", ""),
        ])
    func unfitting(received: String, answer: String) {
        let (driver, _) = LMPDriver.connected()
        #expect(driver.lmp.receivedUnitData(hex(received)) == (answer.isEmpty ? [] : [.pdu(answer)]))
    }

    @Test("Outside a link nothing is answered", arguments: ["10 12 41", "00 10 84", "92 10 01 00", "70 12 41"])
    func outside(received: String) {
        #expect(LMPDriver().lmp.receivedUnitData(hex(received)) == [])
    }

    @Test("A Connect from an illegal selector is refused with reason 0A")
    func illegalSource() {
        var driver = LMPDriver.linked()
        #expect(driver.receive("92 00 01 00").first == .pdu("80 12 02 0A"))
        #expect(driver.receive("92 70 01 00").first == .pdu("F0 12 02 0A"))
    }

    @Test("IrLMP 1.1, 3.3.2.1.2: a Disconnect carries up to 60 bytes of the user's, and any reason")
    func farewell() {
        var (driver, id) = LMPDriver.connected()
        let actions = driver.lmp.disconnect(
            id, reason: .unspecified, payload: [UInt8](repeating: 7, count: 61), at: driver.now)
        #expect(actions.contains(.send(hex("92 10 02 FF") + [UInt8](repeating: 7, count: 60))))
    }
}
