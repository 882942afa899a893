import IrDAAdapters
import NIOCore
import NIOPosix
import SocketBackends
import Testing

@testable import IrDAStation

/// Two stations behind dongles whose hardware is modelled, in modelled time, with programs at their ends.
@Suite struct TwoDonglesTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    @Test func twoDonglesOfDifferentKindsTalkByLight() async throws {
        let clock = try ModelledClock(on: loop)
        let deskLine = try ModelledLine(TekramModel(), echoes: true, clock: clock, on: loop)
        let phoneLine = try ModelledLine(
            PulseCounterModel.actisys(isPlus: true, count: 2), echoes: true, clock: clock, on: loop)
        deskLine.onLight { [weak phoneLine] in phoneLine?.shine($0.map(\.byte), rate: $0[0].rate) }
        phoneLine.onLight { [weak deskLine] in deskLine?.shine($0.map(\.byte), rate: $0[0].rate) }
        let loop = loop
        try await onThread {
            func station(
                _ name: String, _ address: UInt32, _ line: ModelledLine, _ dongle: any SerialDongle
            ) throws -> StationHost {
                let port = DonglePort(
                    ModelledSource(model: line), dongle: dongle, echo: .match, on: loop, clock: clock)
                return try TwoStations.station(name, address, on: port, loop, clock: clock)
            }
            try TwoStations.talk(
                station("Desk", 0x1234_5678, deskLine, TekramIR210B(commandTime: .milliseconds(10))),
                station("Phone", TwoStations.phoneAddress, phoneLine, ActisysIR220L(isPlus: true)))
        }
        #expect(Set(deskLine.light.map(\.rate)) == [9600, 115_200], "the light has changed its speed")
        #expect(deskLine.lines == .neither && phoneLine.lines == .neither)
    }
}
