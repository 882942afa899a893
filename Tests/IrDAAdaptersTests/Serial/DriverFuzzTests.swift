import IrDAAdapters
import Testing

/// A driver against hardware and an owner that do anything at any time.
@Suite struct DriverFuzzTests {
    @Test(arguments: 0..<40)
    func aDriverTakesAnything(seed: UInt64) throws {
        var random = Seeded(seed)
        let kind = SerialDongleKind.all[Int(seed) % SerialDongleKind.all.count]
        var driver = SerialDriver(
            try SerialDongleKind.dongle(kind.name), behind: [.uart, .usb, .stream][Int(seed / 13) % 3],
            echo: EchoHandling.allCases.randomElement(using: &random) ?? .match)
        var now = Duration.zero
        var isOver = false
        for step in 0..<400 {
            now += .microseconds(Int.random(in: 0...20_000, using: &random))
            let actions: [SerialDriver.Action]
            switch Int.random(in: 0..<8, using: &random) {
            case 0: actions = driver.open(at: now)
            case 1: actions = driver.transmit(random.bytes(0...40), at: now)
            case 2:
                actions = driver.setRate(
                    [2400, 9600, 19200, 115_200, 0, -1].randomElement(using: &random) ?? 0, at: now)
            case 3: actions = driver.received(random.bytes(0...300), at: now)
            case 4, 5: actions = driver.drained(at: now)
            case 6 where step > 300: actions = driver.close(at: now)
            default: actions = driver.wake(at: now)
            }
            #expect(!isOver || actions.isEmpty, "seed \(seed): \(actions)")
            isOver = isOver || actions.contains { $0 == .closed }
            for case .failed in actions { isOver = true }
        }
    }
}
