import Testing

@testable import IrDAProtocol

/// Ready-made connections: speed 115200, connection address 2A, our peer needs 5 ms after its own transmission.
extension LAPDriver {
    static let ua = "54 73 F1DEBC9A 78563412 01013E 820101 83013F 84017F 850180 860103 080107"

    /// A seed whose first connection address is 2A, so that the frames are those of the worked examples.
    static let seedFor2A: UInt64 = {
        let found = (UInt64(0)..<10_000).first { seed in
            var driver = LAPDriver.listening(seed: seed)
            let snrm = driver.connect().transmitted.first ?? []
            return snrm.count > 10 && snrm[10] == 0x54
        }
        return found ?? 0
    }()

    /// A primary that has just had the answer to its first poll; its turn begins after the turn-around time.
    ///
    /// - Parameter ua: what the secondary announced.
    static func primary(
        parameters: NegotiationParameters = parameters, ua: String = ua,
        _ change: (inout IrLAP.Configuration) -> Void = { _ in }
    ) -> LAPDriver {
        var driver = LAPDriver.listening(parameters: parameters, seed: seedFor2A, change)
        _ = driver.connect()
        _ = driver.sent()
        _ = driver.receive(ua)
        _ = driver.fire(.turnaround)
        _ = driver.sent(after: .milliseconds(1))
        driver.wait(.milliseconds(11))
        _ = driver.receive("54 11")
        return driver
    }

    /// A primary that has sent these, or RR if there is nothing, and waits for F.
    static func primaryWaiting(
        afterSending informations: [String], parameters: NegotiationParameters = parameters, ua: String = ua
    ) -> LAPDriver {
        var driver = primary(parameters: parameters, ua: ua)
        for information in informations { _ = driver.send(information) }
        if driver.fire(.turnaround).transmitted.isEmpty { _ = driver.fire(.poll) }
        _ = driver.sent(after: .milliseconds(1))
        driver.wait(.milliseconds(11))
        return driver
    }

    /// A secondary that waits for its first poll. The primary needs 10 ms after its own transmission.
    static func secondary(
        snrm: String = "FF 93 78563412 F1DEBC9A 54 01013E 820101 83013F 84017F 850180 860101 080107",
        _ change: (inout IrLAP.Configuration) -> Void = { _ in }
    ) -> LAPDriver {
        var driver = LAPDriver.listening(address: peer, change)
        _ = driver.receive(snrm)
        _ = driver.accept()
        _ = driver.fire(.turnaround)
        _ = driver.sent()
        driver.wait(.milliseconds(10))
        return driver
    }

    /// A secondary that has sent these when polled, the last with F.
    static func secondaryWaiting(afterSending informations: [String]) -> LAPDriver {
        var driver = secondary()
        for information in informations { _ = driver.send(information) }
        _ = driver.receive("55 11")
        _ = driver.fire(.turnaround)
        _ = driver.sent(after: .milliseconds(1))
        driver.wait(.milliseconds(10))
        return driver
    }

    /// As secondary: takes a frame with P, waits the turn-around time, and gives what goes out.
    mutating func answer(
        to frame: String, sourceLocation: SourceLocation = #_sourceLocation
    ) -> (heard: [IrLAPAction], said: [IrLAPAction]) {
        let heard = receive(frame)
        #expect(
            heard.suffix(2) == [.cancelTimer(.watchdog), .setTimer(.turnaround, after(milliseconds: 10))],
            sourceLocation: sourceLocation)
        return (heard.dropLast(2), fire(.turnaround, sourceLocation: sourceLocation))
    }

    /// As primary: takes a frame with F, waits the turn-around time, and gives what goes out.
    mutating func turn(
        after frame: String, sourceLocation: SourceLocation = #_sourceLocation
    ) -> (heard: [IrLAPAction], said: [IrLAPAction]) {
        let heard = receive(frame)
        #expect(
            heard.suffix(2) == [.cancelTimer(.final), .setTimer(.turnaround, after(milliseconds: 5))],
            sourceLocation: sourceLocation)
        return (heard.dropLast(2), fire(.turnaround, sourceLocation: sourceLocation))
    }
}
