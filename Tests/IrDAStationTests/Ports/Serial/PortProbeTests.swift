import IrDAAdapters
import IrDAProtocol
import NIOPosix
import SocketBackends
import Testing

@testable import IrDAStation

/// What probing says of dongles that are known to be there.
@Suite struct PortProbeTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let clock: ModelledClock

    init() throws {
        clock = try ModelledClock(on: loop)
    }

    private func probe(_ line: ModelledLine) -> PortProbe {
        PortProbe(clock: clock) { [loop, clock] dongle in
            DonglePort(ModelledSource(model: line), dongle: dongle, echo: .pass, on: loop, clock: clock)
        }
    }

    private func line(_ model: any SerialDongleModel, echoes: Bool = false) throws -> ModelledLine {
        try ModelledLine(model, echoes: echoes, clock: clock, on: loop)
    }

    @Test func anEchoShowsTheSpeedThatTheDongleIsAt() async throws {
        let line = try line(PulseCounterModel.actisys(isPlus: true), echoes: true)
        let right = try await probe(line).finding(for: "actisys+")
        #expect(right.echoes == [.init(rate: 9600, state: .whole), .init(rate: 115_200, state: .whole)])
        #expect(right.isFound)
        let wrong = try await probe(line).finding(for: "litelink")
        #expect(wrong.echoes.contains { $0.state == .garbled })
        #expect(!wrong.isFound)
    }

    @Test func anAnsweredCommandIsAProof() async throws {
        let line = try line(MA600Model())
        let finding = try await probe(line).finding(for: "ma600")
        #expect(finding.isProof && finding.isFound && finding.failure == nil)
        #expect(finding.echoes.map(\.state) == [.none, .none])
    }

    @Test func aDeviceInRangeIsNamed() async throws {
        let line = try line(TekramModel())
        line.onLight { [weak line] light in
            guard light.last?.byte == 0xC1 else { return }
            let answer = XIDFrame(
                isResponse: true, source: DeviceAddress(rawValue: 0x1234_5678), destination: .broadcast,
                slotCount: .one, slot: .number(0), info: DeviceInfo(name: "Watch", hints: []).bytes)
            line?.shine(SIRFramer.encode(answer.frame.bytes, additionalBOFs: 3), rate: light[0].rate)
        }
        let finding = try await probe(line).finding(for: "tekram")
        #expect(finding.devices == ["Watch (0x12345678)"])
        #expect(finding.isFound)
    }

    @Test func whatCannotBeOpenedIsNoFinding() async throws {
        let probe = PortProbe(try PortSpecification("serial:/dev/ttyNone0"), on: loop)
        await #expect(throws: SocketError.self) { try await probe.finding(for: "raw") }
        await #expect(throws: SocketError.self) { try await probe.finding(for: "none") }
    }

    @Test func aPseudoTerminalIsNoDongle() async throws {
        let terminal = try PseudoTerminal(rate: 9600)
        let probe = PortProbe(try PortSpecification("serial:\(terminal.path)"), on: loop)
        let finding = try await probe.finding(for: "esi")
        #expect(finding.failure?.contains("no control lines") == true)
        #expect(!finding.isFound)
        terminal.close()
    }
}
