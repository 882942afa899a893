import IrDAProtocol
import Testing

@Suite("Link parameters")
struct LinkParametersTests {
    @Test(
        "Additional BOFs at each speed",
        arguments: [
            (.rate2400, [1, 0, 0, 0, 0, 0, 0, 0]), (.rate9600, [4, 2, 1, 0, 0, 0, 0, 0]),
            (.rate19200, [8, 4, 2, 1, 0, 0, 0, 0]), (.rate38400, [16, 8, 4, 2, 1, 0, 0, 0]),
            (.rate57600, [24, 12, 6, 3, 1, 1, 0, 0]), (.rate115200, [48, 24, 12, 6, 3, 2, 1, 0]),
            (.rate4000000, [0, 0, 0, 0, 0, 0, 0, 0]),
        ] as [(BaudRate, [Int])])
    func additionalBOFs(_ rate: BaudRate, _ counts: [Int]) {
        #expect(AdditionalBOFs.allCases.map { $0.count(at: rate) } == counts)
    }

    @Test(
        "Minimum turn-around in bytes",
        arguments: [
            (.rate9600, [10, 5, 1, 0, 0, 0, 0, 0]), (.rate19200, [20, 10, 2, 1, 0, 0, 0, 0]),
            (.rate38400, [40, 20, 4, 2, 0, 0, 0, 0]), (.rate57600, [58, 29, 6, 3, 1, 0, 0, 0]),
            (.rate115200, [115, 58, 12, 6, 1, 1, 0, 0]), (.rate576000, [720, 360, 72, 36, 7, 4, 2, 0]),
            (.rate1152000, [1440, 720, 144, 72, 14, 7, 1, 0]), (.rate4000000, [5000, 2500, 500, 250, 50, 25, 5, 0]),
        ] as [(BaudRate, [Int])])
    func turnaroundBytes(_ rate: BaudRate, _ counts: [Int]) {
        #expect(MinimumTurnaround.allCases.map { $0.byteCount(at: rate) } == counts)
    }

    @Test(
        "Line capacity",
        arguments: [
            (.rate2400, [100, 100, 100, 100]), (.rate9600, [400, 400, 400, 400]), (.rate19200, [800, 800, 800, 800]),
            (.rate38400, [1600, 1600, 1600, 1600]), (.rate57600, [2360, 2360, 2360, 2360]),
            (.rate115200, [4800, 2400, 960, 480]), (.rate576000, [28800, 11520, 5760, 2880]),
            (.rate1152000, [57600, 28800, 11520, 5760]), (.rate4000000, [200_000, 100_000, 40000, 20000]),
            (.rate16000000, [800_000, 400_000, 160_000, 80000]),
        ] as [(BaudRate, [Int])])
    func capacity(_ rate: BaudRate, _ bytes: [Int]) {
        #expect(MaximumTurnaround.allCases.map { LineCapacity.bytes(at: rate, maximumTurnaround: $0) } == bytes)
    }

    /// What a peer announces at a speed, and what the line-capacity rule leaves of it.
    static let outcomes: [(BaudRate, AdditionalBOFs, MinimumTurnaround, window: Int, dataSize: Int)] = [
        (.rate115200, .bofs6, .ms10, 2, 2048),
        (.rate9600, .bofs0, .ms10, 1, 256),
        (.rate4000000, .bofs0, .us100, 7, 2048),
        (.rate19200, .bofs0, .ms10, 1, 512),
        (.rate57600, .bofs0, .ms10, 1, 2048),
        (.rate115200, .bofs0, .zero, 2, 2048),
        (.rate576000, .bofs0, .ms10, 7, 2048),
    ]

    @Test("Window 7 of 2048 bytes, what fits", arguments: outcomes)
    func worked(
        _ rate: BaudRate, _ bofs: AdditionalBOFs, _ turnaround: MinimumTurnaround, _ window: Int, _ dataSize: Int
    ) {
        var peer = NegotiationParameters.standard
        peer.baudRates = [.rate9600, BaudRateSet(rate)]
        peer.additionalBOFs = bofs
        peer.minimumTurnaround = turnaround
        var own = NegotiationParameters.standard
        own.baudRates = BaudRateSet(rawValue: 0x03FF)
        own.windowSize = 4
        let link = LinkParameters.negotiate(own: own, peer: peer)
        #expect(link.baudRate == rate)
        #expect(link.transmit.capacityWindow == window)
        // One frame may be longer than the sizes that can be announced, up to what fits a turn.
        let overhead = 7 + bofs.count(at: rate) + turnaround.byteCount(at: rate)
        let largest = min(2048, LineCapacity.bytes(at: rate, maximumTurnaround: .ms500) - overhead)
        #expect(link.transmit.dataSize == largest && link.transmit.dataSize >= dataSize)
        #expect(link.transmit.windowSize == 7)
        #expect(link.transmit.additionalBOFs == bofs)
        #expect(link.transmit.minimumTurnaround == turnaround.duration)
        #expect(link.receive.windowSize == 4 && link.receive.dataSize == 2048)
        #expect(link.receive.minimumTurnaround == .milliseconds(10))
    }

    @Test("The worked sums")
    func requested() {
        let seven = LineCapacity.requested(window: 7, dataSize: 2048, additionalBOFs: 6, turnaroundBytes: 115)
        #expect(seven == 14535)
        #expect(LineCapacity.requested(window: 2, dataSize: 2048, additionalBOFs: 6, turnaroundBytes: 115) == 4235)
        #expect(LineCapacity.requested(window: 7, dataSize: 2048, additionalBOFs: 5, turnaroundBytes: 115) == 14528)
        #expect(LineCapacity.requested(window: 1, dataSize: 256, additionalBOFs: 0, turnaroundBytes: 10) == 272)
        #expect(LineCapacity.requested(window: 7, dataSize: 2048, additionalBOFs: 0, turnaroundBytes: 50) == 14428)
    }

    @Test("Less than the capacity, not equal to it")
    func strictlyLess() {
        // 1 * (512 + 6) + 82 = 600
        let equal = LineCapacity.fit(window: 1, dataSize: 512, additionalBOFs: 0, turnaroundBytes: 82, capacity: 600)
        #expect(equal == (1, 256))
        let below = LineCapacity.fit(window: 1, dataSize: 512, additionalBOFs: 0, turnaroundBytes: 81, capacity: 600)
        #expect(below == (1, 512))
        let never = LineCapacity.fit(window: 7, dataSize: 2048, additionalBOFs: 48, turnaroundBytes: 0, capacity: 0)
        #expect(never == (1, 64))
    }

    @Test("Below 115200 only 500 ms is valid")
    func slowTurnaround() {
        var peer = NegotiationParameters.standard
        peer.maximumTurnaround = .ms50
        #expect(LinkParameters.negotiate(own: .standard, peer: peer).transmit.maximumTurnaround == .milliseconds(50))
        #expect(LinkParameters.negotiate(own: .standard, peer: peer).transmit.lineCapacity == 480)
        peer.baudRates = [.rate9600, .rate57600]
        let slow = LinkParameters.negotiate(own: .standard, peer: peer)
        #expect(slow.transmit.maximumTurnaround == .milliseconds(500) && slow.transmit.lineCapacity == 2360)
    }

    @Test(
        "Times",
        arguments: [(.s3, 3, 0), ([.s3, .s8, .s12], 12, 3), (.all, 40, 3)] as [(DisconnectTimeSet, Int, Int)])
    func times(_ set: DisconnectTimeSet, _ disconnect: Int, _ threshold: Int) {
        var peer = NegotiationParameters.standard
        peer.disconnectTimes = set
        let link = LinkParameters.negotiate(own: .standard, peer: peer)
        #expect(link.disconnectTime == .seconds(disconnect) && link.thresholdTime == .seconds(threshold))
    }

    @Test("Without anything in common the defaults count")
    func nothingInCommon() {
        var own = NegotiationParameters.standard
        own.baudRates = .rate115200
        own.disconnectTimes = .s3
        var peer = NegotiationParameters.standard
        peer.baudRates = .rate4000000
        peer.disconnectTimes = .s8
        let link = LinkParameters.negotiate(own: own, peer: peer)
        #expect(link.baudRate == .rate9600 && link.disconnectTime == .seconds(40))
    }

    @Test("Both ends agree, and mirror each other's directions", arguments: 1...50 as ClosedRange<UInt64>)
    func symmetry(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (first, second) = (announcement(&generator), announcement(&generator))
        let one = LinkParameters.negotiate(own: first, peer: second)
        // The primary sees the secondary's answer, which is reduced already.
        let other = LinkParameters.negotiate(own: second, peer: first.intersecting(second))
        #expect(one.baudRate == other.baudRate, "seed \(seed)")
        #expect(one.disconnectTime == other.disconnectTime, "seed \(seed)")
        #expect(one.transmit.windowSize == other.receive.windowSize, "seed \(seed)")
        #expect(one.transmit.lineCapacity == other.receive.lineCapacity, "seed \(seed)")
        #expect(one.transmit.capacityWindow == other.receive.capacityWindow, "seed \(seed)")
        #expect(one.transmit.dataSize <= other.receive.dataSize, "seed \(seed)")
    }

    private func announcement(_ generator: inout SeededGenerator) -> NegotiationParameters {
        var parameters = NegotiationParameters.standard
        parameters.baudRates = BaudRateSet(rawValue: UInt16.random(in: 0...0x3FF, using: &generator) | 0x02)
        parameters.disconnectTimes = DisconnectTimeSet(rawValue: UInt8.random(in: 0...255, using: &generator) | 0x01)
        parameters.windowSize = Int.random(in: 1...7, using: &generator)
        parameters.dataSize = DataSize.allCases.randomElement(using: &generator) ?? .bytes64
        parameters.additionalBOFs = AdditionalBOFs.allCases.randomElement(using: &generator) ?? .bofs0
        parameters.minimumTurnaround = MinimumTurnaround.allCases.randomElement(using: &generator) ?? .zero
        parameters.maximumTurnaround = MaximumTurnaround.allCases.randomElement(using: &generator) ?? .ms500
        return parameters
    }
}
