import CLinux
import Glibc
import IrDAAdapters
import NIOCore
import NIOPosix
import SocketBackends
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import IrDAStation

/// The real port code: with the dongle's hardware modelled, in modelled time, and on pseudo-terminals.
@Suite struct DonglePortTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let clock: ModelledClock

    init() throws {
        clock = try ModelledClock(on: loop)
    }

    private static let sample: [UInt8] = [0xFF, 0xC0, 0x01, 0x3F, 0x55, 0xAA, 0x00, 0x7D, 0xE1, 0x12, 0xC1]

    struct Case: Sendable, CustomTestStringConvertible {
        let kind: String
        let model: any SerialDongleModel
        var testDescription: String { kind }
    }

    static let cases = [
        Case(kind: "raw", model: PlainModel()),
        Case(kind: "tekram,delay=10", model: TekramModel(rate: 57600)),
        Case(kind: "esi", model: ESI9680Model()),
        Case(kind: "actisys", model: PulseCounterModel.actisys(isPlus: false, count: 2)),
        Case(kind: "actisys+", model: PulseCounterModel.actisys(isPlus: true, count: 3)),
        Case(kind: "act200l", model: RegisterChipModel(divider: 1)),
        Case(kind: "girbil", model: GIrBILModel(rate: 57600)),
        Case(kind: "litelink", model: PulseCounterModel.liteLink(wiring: .linux, count: 1)),
        Case(kind: "belkin", model: PlainModel(fixedRate: 9600)),
        Case(kind: "mcp2120", model: MCP2120Model()),
        Case(kind: "ma600", model: MA600Model(rate: 115_200)),
        Case(kind: "toim3232", model: TOIM3232Model(rate: 19200)),
    ]

    private func port(_ dongle: any SerialDongle, _ line: ModelledLine) -> PortUser {
        PortUser(
            DonglePort(ModelledSource(model: line), dongle: dongle, echo: .match, on: loop, clock: clock), on: loop)
    }

    private func line(_ model: any SerialDongleModel, echoes: Bool = false) throws -> ModelledLine {
        try ModelledLine(model, echoes: echoes, clock: clock, on: loop)
    }

    @Test(arguments: cases)
    func everyDongleWorksAtItsSlowestAndFastestSpeed(_ example: Case) async throws {
        let line = try line(example.model, echoes: true)
        let dongle = try SerialDongleKind.dongle(example.kind)
        let user = port(dongle, line)
        try await user.open()
        for rate in [dongle.rates.last, 9600].compactMap({ $0 }) {
            user.forget()
            line.forgetLight()
            try await user.setRate(rate)
            try await user.transmit(Self.sample)
            #expect(line.light.map(\.byte) == Self.sample)
            #expect(line.light.allSatisfy { $0.rate == rate })
            line.shine(Self.sample.reversed(), rate: rate)
            try await user.wait(for: "light") { $0.received.count >= Self.sample.count }
            #expect(user.received == Self.sample.reversed(), "the other's light, and not the echo of one's own")
        }
        try await user.close()
        #expect(line.lines == (example.kind == "mcp2120" ? .both : .neither))
    }

    @Test func aDongleThatDoesNotAnswerCannotBeOpened() async throws {
        let user = port(MobileActionMA600(), try line(MA600Model(answering: .wrong)))
        let error = await #expect(throws: SocketError.self) { try await user.open() }
        #expect(error?.reason == "the dongle should have answered a command with 00, and FF came")
        #expect(error?.advice.contains("irsock probe --port serial:") == true)
        try await user.close()
    }

    @Test func aTerminalWithoutLinesDoesForNothingButAPlainTransceiver() async throws {
        let terminal = try PseudoTerminal(rate: 9600)
        let specification = try PortSpecification("serial:\(terminal.path)")
        let user = PortUser(try specification.makeDonglePort(dongle: "tekram", on: loop), on: loop)
        let error = await #expect(throws: SocketError.self) { try await user.open() }
        #expect(error?.reason.contains("no control lines") == true)
        let plain = PortUser(try specification.makeDonglePort(on: loop), on: loop)
        try await plain.open()
        try await plain.transmit(Self.sample)
        try await plain.close()
        terminal.close()
    }

    @Test func onlyOneProgramHasThePort() async throws {
        let terminal = try PseudoTerminal(rate: 9600)
        let specification = try PortSpecification("serial:\(terminal.path)")
        // Opened before: an exclusive terminal can only be opened by the administrator.
        let observer = open(terminal.path, O_RDWR | O_NOCTTY)
        try #require(observer >= 0)
        defer { close(observer) }
        let user = PortUser(try specification.makeDonglePort(on: loop), on: loop)
        try await user.open()
        var isExclusive: CInt = 0
        let getExclusive: UInt = 0x8004_5440  // TIOCGEXCL
        #expect(ioctl(observer, getExclusive, &isExclusive) == 0)
        #expect(isExclusive == 1)
        try await user.close()
        terminal.close()
    }

    @Test func aPortThatDoesNotExistIsExplained() async throws {
        let user = PortUser(try PortSpecification("serial:/dev/ttyNone0").makeDonglePort(on: loop), on: loop)
        let error = await #expect(throws: SocketError.self) { try await user.open() }
        #expect(error?.errno == .noSuchFileOrDirectory)
        #expect(error?.description.contains("cannot open serial:/dev/ttyNone0: No such file or directory") == true)
        #expect(error?.advice.contains("plugged in") == true)
    }

    @Test func aFileIsNoTerminal() async throws {
        let user = PortUser(try PortSpecification("serial:/dev/null").makeDonglePort(on: loop), on: loop)
        let error = await #expect(throws: SocketError.self) { try await user.open() }
        #expect(error?.reason == "/dev/null is not a terminal")
    }

    @Test func aPortThatIsUnpluggedComesBack() async throws {
        // The link stands for the name under /dev/serial/by-id, which stays when the number changes.
        let link = "/tmp/irsock-port-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let first = try PseudoTerminal(rate: 9600)
        try #require(symlink(first.path, link) == 0)
        defer { unlink(link) }
        let user = PortUser(try PortSpecification("serial:\(link)").makeDonglePort(on: loop), on: loop)
        try await user.open()
        try await user.transmit(Self.sample)

        unlink(link)
        first.close()
        try await user.wait(for: "the loss") { user in
            user.count { if case .lost = $0 { true } else { false } } == 1
        }
        let second = try PseudoTerminal(rate: 9600)
        try #require(symlink(second.path, link) == 0)
        try await user.wait(for: "the return") { $0.isBack }
        try await user.transmit(Self.sample)
        try await user.close()
        second.close()
    }

    @Test func aLostPortCanBeClosed() async throws {
        let terminal = try PseudoTerminal(rate: 9600)
        let user = PortUser(try PortSpecification("serial:\(terminal.path)").makeDonglePort(on: loop), on: loop)
        try await user.open()
        terminal.close()
        try await user.wait(for: "the loss") { user in
            user.count { if case .lost = $0 { true } else { false } } == 1
        }
        try await user.close()
        try await user.close()
    }

    @Test func settingsAreAsSerialLinesWantThem() async throws {
        let terminal = try PseudoTerminal(rate: 115_200)
        let user = PortUser(try PortSpecification("serial:\(terminal.path)").makeDonglePort(on: loop), on: loop)
        try await user.open()
        #expect(terminal.rate == 9600)
        for rate in [2400, 38400, 115_200, 14400, 250_000] {
            try await user.setRate(rate)
            try await waitUntil("\(rate) bit/s") { terminal.rate == rate }
        }
        try await user.close()
        terminal.close()
    }
}
