import Testing

@testable import IrDAProtocol

/// Stations that share a device address (IrLAP 1.1, 6.10).
@Suite struct AddressConflictTests {
    private static func response(_ address: String, flags: String = "00", name: String) -> String {
        "FE BF 01 \(address) 78563412 \(flags) 00 00 | 04 00 \"\(name)\""
    }

    private static func record(_ address: UInt32, _ name: String) -> DiscoveryRecord {
        DiscoveryRecord(
            address: DeviceAddress(rawValue: address), info: DeviceInfo(name: name, hints: .computer))
    }

    @Test("6.10: equal addresses in the log are resolved at once, and the log has the new ones")
    func initiator() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        _ = driver.sent()
        for name in ["One", "Two"] { _ = driver.receive(Self.response("F1DEBC9A", name: name)) }
        _ = driver.receive(Self.response("01020304", name: "Three"))
        _ = driver.fire(.slot)
        // No new sensing: a different procedure, to a different address.
        #expect(driver.sent() == [.contention("FF 3F 01 78563412 F1DEBC9A 04 00 00")])
        _ = driver.sent()
        _ = driver.receive(Self.response("0A000000", flags: "04", name: "One"))
        _ = driver.receive(Self.response("0B000000", flags: "04", name: "Two"))
        #expect(
            driver.fire(.slot) == [.contention("FF 3F 01 78563412 F1DEBC9A 04 FF 00 | 84 20 00 \"SwiftIR\"")])
        let log = [Self.record(0x0403_0201, "Three"), Self.record(0x0A, "One"), Self.record(0x0B, "Two")]
        #expect(driver.sent() == [.indicate(.discoveryEnded(.completed(log)))])
    }

    @Test("6.10: stations that do not obey are where they were")
    func disobedient() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        _ = driver.sent()
        for name in ["One", "Two"] { _ = driver.receive(Self.response("F1DEBC9A", name: name)) }
        _ = driver.fire(.slot)
        _ = driver.sent()
        _ = driver.sent()
        _ = driver.fire(.slot)
        let log = [Self.record(0x9ABC_DEF1, "One"), Self.record(0x9ABC_DEF1, "Two")]
        #expect(driver.sent() == [.indicate(.discoveryEnded(.completed(log)))])
    }

    @Test("6.10: the layer above can ask for it too")
    func requested() {
        var driver = LAPDriver.listening()
        #expect(driver.resolve(.one) == [.contention("FF 3F 01 78563412 F1DEBC9A 04 00 00")])
        _ = driver.sent()
        _ = driver.receive(Self.response("0A000000", flags: "04", name: "One"))
        _ = driver.fire(.slot)
        #expect(
            driver.sent() == [.indicate(.conflictResolved(LAPDriver.peer, [Self.record(0x0A, "One")]))])
    }

    @Test("Who finds its own address with another takes a new one")
    func ownAddress() {
        var driver = LAPDriver.listening()
        _ = driver.discover(.one)
        _ = driver.sent()
        _ = driver.receive(Self.response("78563412", name: "Twin"))
        _ = driver.fire(.slot)
        let actions = driver.sent()
        let address = driver.lap.configuration.address
        #expect(address != LAPDriver.address && address.isAssignable)
        #expect(actions.first == .indicate(.addressChanged(address)))
    }

    @Test(
        "6.10: who is told to answers from a new address, and takes it when the procedure is over",
        arguments: [true, false])
    func responder(hearsTheEnd: Bool) {
        var driver = LAPDriver.listening()
        let answer = driver.receive("FF 3F 01 F1DEBC9A 78563412 04 00 00").transmitted.first ?? []
        let new = answer.count > 11 ? Array(answer[3..<7]) : []
        #expect(new.count == 4 && new != [0x78, 0x56, 0x34, 0x12])
        #expect(answer.count > 11 && answer[11] == 0x04)
        #expect(driver.lap.configuration.address == LAPDriver.address, "not yet: the rest is directed to the old one")
        _ = driver.sent()
        let actions =
            hearsTheEnd
            ? driver.receive("FF 3F 01 F1DEBC9A 78563412 04 FF 00 | 04 00 41") : driver.fire(.query)
        let address = driver.lap.configuration.address
        #expect(address == DeviceAddress(wireBytes: new))
        #expect(actions.contains(.indicate(.addressChanged(address))))
    }

    @Test("6.5: a command for another address changes nothing, and neither does one to all")
    func notForUs() {
        var driver = LAPDriver.listening()
        #expect(driver.receive("FF 3F 01 F1DEBC9A 01020304 04 00 00") == [])
        let answer = driver.receive("FF 3F 01 F1DEBC9A FFFFFFFF 04 00 00").transmitted.first ?? []
        #expect(answer.count > 7 && Array(answer[3..<7]) == hex("78563412"))
    }
}
