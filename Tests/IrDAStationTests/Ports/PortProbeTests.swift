import IrDAAdapters
import IrDAProtocol
import NIOPosix
import SocketBackends
import Testing

@testable import IrDAStation

/// What probing says of dongles that are known to be there.
@Suite struct PortProbeTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    private func probe(_ line: ModelledLine) -> PortProbe {
        PortProbe(listeningTime: .milliseconds(100)) { [loop] dongle in
            DonglePort(ModelledSource(model: line), dongle: dongle, echo: .pass, on: loop)
        }
    }

    @Test func anEchoShowsTheSpeedThatTheDongleIsAt() async throws {
        let line = try ModelledLine(PulseCounterModel.actisys(isPlus: true), echoes: true)
        let right = try await probe(line).finding(for: "actisys+")
        #expect(right.echoes == [.init(rate: 9600, state: .whole), .init(rate: 115_200, state: .whole)])
        #expect(right.isFound)
        let wrong = try await probe(line).finding(for: "litelink")
        #expect(wrong.echoes.contains { $0.state == .garbled })
        #expect(!wrong.isFound)
    }

    @Test func anAnsweredCommandIsAProof() async throws {
        let line = try ModelledLine(MA600Model())
        let finding = try await probe(line).finding(for: "ma600")
        #expect(finding.isProof && finding.isFound && finding.failure == nil)
        #expect(finding.echoes.map(\.state) == [.none, .none])
    }

    @Test func aDeviceInRangeIsNamed() async throws {
        var finding = try await findingWithWatch()
        // Answers have to come in time, which a busy machine may not manage at once.
        for _ in 0..<30 where !finding.isFound { finding = try await findingWithWatch() }
        #expect(finding.devices == ["Watch (0x12345678)"])
        #expect(finding.isFound)
    }

    private func findingWithWatch() async throws -> PortProbe.Finding {
        let line = try ModelledLine(TekramModel())
        line.onLight { light in
            guard light.last?.byte == 0xC1 else { return }
            let answer = XIDFrame(
                isResponse: true, source: DeviceAddress(rawValue: 0x1234_5678), destination: .broadcast,
                slotCount: .one,
                slot: .number(0), info: DeviceInfo(name: "Watch", hints: []).bytes)
            // The line is being pumped: it must not be pumped from within.
            let bytes = SIRFramer.encode(answer.frame.bytes, additionalBOFs: 3)
            Task { line.shine(bytes, rate: light[0].rate) }
        }
        return try await probe(line).finding(for: "tekram")
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
