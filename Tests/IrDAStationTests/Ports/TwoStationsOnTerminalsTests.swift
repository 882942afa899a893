import Glibc
import IrDAAdapters
import IrDABackend
import IrDAProtocol
import NIOCore
import NIOPosix
import SocketBackends
import Synchronization
import Testing

@testable import IrDAStation

/// Two stations, in real time, on terminals: nothing is simulated but the dongles' hardware.
@Suite struct TwoStationsOnTerminalsTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private static let phone = IrDADeviceID(rawValue: 0x9ABC_DEF1)

    private func station(_ name: String, _ address: UInt32, on port: DonglePort) throws -> StationHost {
        try StationHost.open(
            port,
            configuration: IrDAStack.Configuration(
                address: DeviceAddress(rawValue: address), name: name, hints: .computer),
            seed: UInt64(address), on: loop)
    }

    /// A connection there, a message each way, and the end.
    private func talk(_ desk: StationHost, _ phone: StationHost) throws {
        let deskSockets = IrDABackend(provider: try StationProvider(desk, station: PortStation.id, name: "port"))
        let phoneSockets = IrDABackend(provider: try StationProvider(phone, station: PortStation.id, name: "port"))
        #expect(try deskSockets.device(named: "Phone") == Self.phone)
        let server = try makeSocket(phoneSockets)
        try server.bind(to: IrDAAddress(device: .none, service: .name("Echo")).socketAddress)
        try server.listen(backlog: 1)
        let client = try makeSocket(deskSockets)
        _ = try client.connect(to: IrDAAddress(device: Self.phone, service: .name("Echo")).socketAddress)
        _ = try server.readiness(waitingFor: Int16(POLLIN))
        let accepted = try server.accept().socket
        _ = try client.readiness(waitingFor: Int16(POLLOUT))
        try client.finishConnect()
        let bytes = randomBytes(3000, seed: 7)
        try client.sendAll(bytes)
        #expect(try accepted.receiveAll(bytes.count) == bytes)
        try accepted.sendAll(bytes)
        #expect(try client.receiveAll(bytes.count) == bytes)
        client.close()
        #expect(try accepted.receiveAll(1) == [])
        try desk.close()
        try phone.close()
    }

    @Test func twoDonglesOfDifferentKindsTalkByLight() async throws {
        let deskLine = try ModelledLine(TekramModel(), echoes: true)
        let phoneLine = try ModelledLine(PulseCounterModel.actisys(isPlus: true, count: 2), echoes: true)
        deskLine.onLight { [weak phoneLine] in phoneLine?.shine($0.map(\.byte), rate: $0[0].rate) }
        phoneLine.onLight { [weak deskLine] in deskLine?.shine($0.map(\.byte), rate: $0[0].rate) }
        let loop = loop
        try await onThread {
            let desk = try station(
                "Desk", 0x1234_5678,
                on: DonglePort(
                    ModelledSource(model: deskLine, isPaced: true),
                    dongle: TekramIR210B(commandTime: .milliseconds(10)), echo: .match, on: loop))
            let phone = try station(
                "Phone", Self.phone.rawValue,
                on: DonglePort(
                    ModelledSource(model: phoneLine, isPaced: true), dongle: ActisysIR220L(isPlus: true), echo: .match,
                    on: loop))
            try talk(desk, phone)
        }
        let rates = Set(deskLine.light.withLock { $0.map(\.rate) })
        #expect(rates == [9600, 115_200], "the light has changed its speed")
        #expect(deskLine.lines == .neither && phoneLine.lines == .neither)
    }

    @Test func twoEndsOfACableAreTwoStations() async throws {
        let cable = try await Cable(on: loop)
        let loop = loop
        try await onThread {
            let desk = try station(
                "Desk", 0x1234_5678, on: PortSpecification("serial:\(cable.first.path)").makePort(on: loop))
            let phone = try station(
                "Phone", Self.phone.rawValue, on: PortSpecification("serial:\(cable.second.path)").makePort(on: loop))
            try talk(desk, phone)
        }
        try await cable.close()
    }
}

/// Two pseudo-terminals, each of which gets what is written to the other.
private struct Cable {
    let first: PseudoTerminal
    let second: PseudoTerminal
    private let channels: [any Channel]

    init(on loop: any EventLoop) async throws {
        first = try PseudoTerminal(rate: 9600)
        second = try PseudoTerminal(rate: 9600)
        let one = try await Self.channel(first, on: loop)
        let other = try await Self.channel(second, on: loop)
        try await one.pipeline.addHandler(Forwarder(to: other)).get()
        try await other.pipeline.addHandler(Forwarder(to: one)).get()
        try await one.setOption(.autoRead, value: true).get()
        try await other.setOption(.autoRead, value: true).get()
        channels = [one, other]
    }

    private static func channel(_ terminal: PseudoTerminal, on loop: any EventLoop) async throws -> any Channel {
        try await NIOPipeBootstrap(group: loop).channelOption(.autoRead, value: false)
            .takingOwnershipOfDescriptor(inputOutput: try terminal.makeDataDescriptor()).get()
    }

    func close() async throws {
        for channel in channels { try await channel.close() }
        first.close()
        second.close()
    }

    private final class Forwarder: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let other: any Channel

        init(to other: any Channel) { self.other = other }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }
    }
}
