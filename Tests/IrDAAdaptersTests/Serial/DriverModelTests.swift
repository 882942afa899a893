import IrDAAdapters
import Testing

/// Every kind of dongle, driven against its hardware, on good ports and bad ones.
@Suite struct DriverModelTests {
    /// A port and what is wrong with it.
    struct Port: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let traits: SerialPortTraits
        let faults: SerialBench.Faults

        init(_ name: String, _ traits: SerialPortTraits, _ change: (inout SerialBench.Faults) -> Void = { _ in }) {
            testDescription = name
            self.traits = traits
            var faults = SerialBench.Faults()
            change(&faults)
            self.faults = faults
        }

        static let all = [
            Port("16550", .uart),
            Port("slow lines", .askingUSB) { $0.lineLatency = .milliseconds(4) },
            Port("garbage after changes", .uart) { $0.garbageAfterChange = 5 },
            Port("echo", .uart) { $0.echoes = true },
            Port("says that 256 bytes have left", .usb) { $0.hiddenBytes = 256 },
            Port(
                "says that 64 bytes have left, slow lines", .usb
            ) {
                $0.hiddenBytes = 64
                $0.lineLatency = .milliseconds(1)
            },
            Port("no wire", .stream) { $0.hasWire = false },
        ]
    }

    static let sample: [UInt8] = [0xFF, 0xC0, 0x01, 0x3F, 0x55, 0xAA, 0x00, 0x7D, 0xE1, 0x12, 0xC1]

    @Test(arguments: Dongle.all, Port.all)
    func everyChangeOfSpeedWorks(_ dongle: Dongle, _ port: Port) throws {
        for model in dongle.models {
            let kind = try dongle.make()
            var run = SerialRun(kind, model, faults: port.faults, traits: port.traits)
            run.open()
            #expect(run.rates == [kind.discoveryRate])
            for first in kind.rates {
                for second in kind.rates where first != second || kind.rates.count == 1 {
                    check(&run, at: first)
                    check(&run, at: second)
                }
            }
            run.close()
            #expect(run.isClosed && run.failure == nil && run.problems.isEmpty)
            #expect(run.bench.lineLog.last == (dongle.name == "mcp2120" ? .both : .neither))
        }
    }

    private func check(_ run: inout SerialRun, at rate: Int) {
        run.setRate(rate)
        #expect(run.rates.last == rate)
        #expect(run.bench.hostRate == rate)
        let light = run.send(Self.sample)
        #expect(light.map(\.byte) == Self.sample, "at \(rate)")
        #expect(light.allSatisfy { $0.rate == rate })
        #expect(run.hear(Self.sample, rate: rate) == Self.sample, "at \(rate)")
    }

    @Test(arguments: Dongle.all)
    func speedsThatItDoesNotHaveAreRefused(_ dongle: Dongle) throws {
        let kind = try dongle.make()
        var run = SerialRun(kind, dongle.models[0])
        run.open()
        for rate in [4_000_000, 576_000, 38400, 2400] where kind.change(to: rate) == nil {
            run.setRate(rate)
            #expect(run.problems.last == .noSuchRate(rate, available: kind.rates))
            #expect(run.rates.last == kind.discoveryRate)
        }
        #expect(run.send(Self.sample).map(\.byte) == Self.sample)
    }

    @Test func noByteIsSentAfterALineHasChanged() throws {
        // A frame is being sent when the change is asked for, and the port says too early that it has left.
        var faults = SerialBench.Faults()
        faults.hiddenBytes = 256
        let frame = [UInt8](repeating: 0x5A, count: 600)
        for dongle in Dongle.all {
            let kind = try dongle.make()
            var run = SerialRun(kind, dongle.models[0], faults: faults, traits: .usb)
            run.open()
            run.tell { $0.transmit(frame, at: $1) }
            run.tell { $0.setRate(kind.rates[kind.rates.count - 1], at: $1) }
            run.settle()
            #expect(run.bench.light.map(\.byte) == frame, "\(dongle.name)")
            #expect(run.rates.last == kind.rates.last)
        }
    }
}
