import Testing

@testable import IrDAProtocol

/// Frames outside a connection that belong to no procedure (IrLAP 1.1, 6.11.3.1 and 6.12.5).
@Suite struct ContentionFramesTests {
    @Test(
        "IrLAP 1.1, 5.7.1.5: TEST is answered with the addresses swapped and the payload copied",
        arguments: [
            ("FF F3 78563412 F1DEBC9A C0C17D", "FE F3 F1DEBC9A 78563412 C0C17D"),
            ("FF F3 78563412 F1DEBC9A", "FE F3 F1DEBC9A 78563412"),
            ("FF F3 78563412 FFFFFFFF 01", "FE F3 F1DEBC9A 78563412 01"),
        ])
    func test(command: String, response: String) {
        var driver = LAPDriver.listening(address: LAPDriver.peer)
        #expect(driver.receive(command) == [.contention(response)])
        #expect(driver.sent() == [])
    }

    @Test("IrLAP 1.1, 6.12.5: a broadcast UI is delivered")
    func unitData() {
        var driver = LAPDriver.listening()
        #expect(driver.receive("FF 03 70 70 AA BB") == [.indicate(.unitData([0x70, 0x70, 0xAA, 0xBB]))])
    }

    @Test(
        "IrLAP 1.1, 6.11.3.1: everything else is met with silence",
        arguments: [
            "FF F3 78563412 01020304 AA",  // TEST for somebody else
            "FF E3 78563412 F1DEBC9A AA",  // TEST without P
            "FE F3 78563412 F1DEBC9A AA", "FF F3 785634", "FF 53", "FF 1F", "FE 73", "FE 97 F6 20 01", "FF 5F", "FF DF",
            "FF 93", "FF 11", "FF 10 00 00", "FF FF", "FF", "",
        ])
    func silence(frame: String) {
        var driver = LAPDriver.listening(address: LAPDriver.peer)
        #expect(driver.receive(frame) == [])
        #expect(driver.timers.isEmpty)
    }

    @Test("Without a link, data goes nowhere and an end means nothing")
    func requestsWithoutLink() {
        var driver = LAPDriver.listening()
        #expect(driver.send("00 00") == [])
        #expect(driver.disconnect() == [])
        #expect(driver.accept() == [])
        #expect(driver.refuse() == [])
        #expect(driver.sent() == [])
        for timer in IrLAPTimer.allCases { #expect(driver.fireStale(timer) == []) }
        #expect(!driver.lap.isConnected && driver.lap.peer == nil && driver.lap.isDrained && !driver.lap.isBusy)
    }
}
