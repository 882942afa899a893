import IrDAProtocol
import IrDASimulation
import Testing

@testable import IrDAStation

/// What a station makes of what its port can do.
@Suite struct PortCapabilitiesTests {
    /// Two stations whose ports are ideal, and each the other's; in virtual time.
    private struct Pair {
        var stations: [PortStation]
        private var now = IrDAInstant.start
        private var rates = [BaudRate.rate9600, .rate9600]
        private var light: (end: IrDAInstant, sender: Int, transmission: LightTransmission)?
        /// What each has sent, with the time since the other's light went out.
        private(set) var sent: [[(transmission: LightTransmission, pause: Duration)]] = [[], []]
        private var lastEnd = IrDAInstant.start

        static let phone = DeviceAddress(rawValue: 0x9ABC_DEF1)

        init(_ desk: LightPortCapabilities, _ phone: LightPortCapabilities) {
            stations = [(0x1234_5678, desk), (Self.phone.rawValue, phone)].map { address, capabilities in
                var station = PortStation(
                    IrDAStack.Configuration(
                        address: DeviceAddress(rawValue: address), name: "Station", hints: .computer,
                        parameters: .unlimited), seed: UInt64(address))
                station.portReported(.opened(capabilities))
                return station
            }
        }

        mutating func run(for time: Duration) {
            let limit = now.advanced(by: time)
            while true {
                for index in stations.indices {
                    for command in stations[index].takePortCommands() {
                        switch command {
                        case .setRate(let rate): rates[index] = rate
                        case .transmit(let transmission):
                            sent[index].append((transmission, lastEnd.duration(to: now)))
                            let air = transmission.frames.reduce(Duration.zero) { $0 + rates[index].airTime(of: $1) }
                            light = (now.advanced(by: air), index, transmission)
                        }
                    }
                }
                let moments = stations.compactMap(\.nextMoment) + [light?.end].compactMap { $0 }
                guard let next = moments.min(), next <= limit else { break }
                now = max(now, next)
                for index in stations.indices { while stations[index].step(until: now) {} }
                if let (end, sender, transmission) = light, end <= now {
                    light = nil
                    lastEnd = end
                    stations[sender].portReported(.transmitted)
                    guard rates[0] == rates[1] else { continue }
                    for frame in transmission.frames {
                        stations[1 - sender].portReported(.receivedFrame(frame.frame.bytes))
                    }
                }
            }
            now = limit
            // Those that have nothing to do know what time it is, too.
            for index in stations.indices { while stations[index].step(until: now) {} }
        }

        mutating func connect() -> LinkParameters? {
            stations[0].tell(PortStation.id) { stack, now in
                stack.connect(to: .selector(LSAPSelector(rawValue: 5)), at: Self.phone, now: now).1
            }
            for _ in 0..<100 {
                run(for: .milliseconds(50))
                if let link = stations[0].stack(of: PortStation.id).linkStatus { return link.parameters }
            }
            return nil
        }
    }

    private static var fast: LightPortCapabilities {
        LightPortCapabilities(rates: [.rate9600, .rate115200, .rate4000000], minimumTurnaround: .ms1)
    }

    @Test func aStationAnnouncesWhatItsPortCanDo() throws {
        var phone = Self.fast
        phone.dataSize = .bytes512
        phone.windowSize = 3
        phone.additionalBOFs = .bofs12
        var pair = Pair(LightPortCapabilities(rates: .all, minimumTurnaround: .zero), phone)
        let link = pair.connect()
        let parameters = try #require(link)
        #expect(parameters.baudRate == .rate4000000)
        #expect(parameters.transmit.dataSize == 512 && parameters.transmit.windowSize == 3)
        #expect(parameters.transmit.additionalBOFs == .bofs12)
        #expect(parameters.transmit.minimumTurnaround == .milliseconds(1))
    }

    @Test func anotherAdapterIsAnnouncedWhenItIsBack() throws {
        var pair = Pair(Self.fast, Self.fast)
        let first = pair.connect()
        #expect(first?.baudRate == .rate4000000)
        pair.stations[0].portReported(.lost)
        pair.stations[0].tell(PortStation.id) { $0.disconnectLink(at: $1) }
        pair.run(for: .seconds(60))
        pair.stations[0].portReported(.back(LightPortCapabilities(rates: .sir, minimumTurnaround: .ms10)))
        pair.run(for: .seconds(2))
        let link = pair.connect()
        let parameters = try #require(link)
        #expect(parameters.baudRate == .rate115200)
        #expect(parameters.receive.minimumTurnaround == .milliseconds(10))
    }

    @Test func theTurnaroundIsKeptByTheStationOrByThePort() {
        for isKept in [false, true] {
            var desk = Self.fast
            desk.keepsTurnaround = isKept
            var pair = Pair(desk, Self.fast)
            let link = pair.connect()
            #expect(link != nil)
            pair.run(for: .milliseconds(200))
            let answers = pair.sent[0].suffix(3)
            #expect(answers.count == 3)
            for answer in answers {
                #expect(answer.transmission.turnaround == (isKept ? .milliseconds(1) : .zero))
                #expect(isKept || answer.pause >= .milliseconds(1))
            }
            if isKept { #expect(answers.contains { $0.pause < .milliseconds(1) }) }
        }
    }
}
