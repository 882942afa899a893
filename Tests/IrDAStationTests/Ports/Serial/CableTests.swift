import NIOCore
import NIOPosix
import SocketBackends
import Testing

@testable import IrDAStation

/// Two stations on two real terminals, in real time: nothing is modelled.
@Suite struct CableTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    @Test func twoEndsOfACableAreTwoStations() async throws {
        let cable = try await Cable(on: loop)
        let loop = loop
        try await onThread {
            let desk = try TwoStations.station(
                "Desk", 0x1234_5678, on: PortSpecification("serial:\(cable.first.path)").makeDonglePort(on: loop), loop)
            let phone = try TwoStations.station(
                "Phone", TwoStations.phoneAddress,
                on: PortSpecification("serial:\(cable.second.path)").makeDonglePort(on: loop), loop)
            try TwoStations.talk(desk, phone)
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
