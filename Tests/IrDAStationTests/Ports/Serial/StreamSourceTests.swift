import Glibc
import IrDAStation
import NIOCore
import NIOPosix
import SocketBackends
import SystemPackage
import Testing

/// Ports over sockets: what an emulator or a serial server offers.
@Suite struct StreamSourceTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private static let sample = [UInt8](0...99)

    /// A server that sends back what it gets, each byte turned over.
    private final class Server: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        static let farewell: UInt8 = 0xEE

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data).readableBytesView.map { ~$0 }
            if bytes == [~Self.farewell] { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        }
    }

    private var server: ServerBootstrap {
        ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { $0.pipeline.addHandler(Server()) }
    }

    private func exchange(_ name: String) async throws {
        let user = PortUser(try PortSpecification(name).makeDonglePort(on: loop), on: loop)
        try await user.open()
        for rate in [9600, 115_200] {
            user.forget()
            try await user.setRate(rate)
            try await user.transmit(Self.sample)
            try await user.wait(for: "an answer") { $0.received.count >= Self.sample.count }
            #expect(user.received == Self.sample.map { ~$0 })
        }
        try await user.close()
    }

    @Test func aTCPPortCarriesTheBytes() async throws {
        let listener = try await server.bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await exchange("tcp:127.0.0.1:\(port)")
        try await listener.close()
    }

    @Test func aUnixSocketCarriesTheBytesAndComesBack() async throws {
        let path = "/tmp/irsock-stream-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        defer { unlink(path) }
        let listener = try await server.bind(unixDomainSocketPath: path).get()
        try await exchange("unix:\(path)")

        let user = PortUser(try PortSpecification("unix:\(path)").makeDonglePort(on: loop), on: loop)
        try await user.open()
        // The server ends every connection that sends it this.
        try await loop.submit { user.port.transmit(characters: [Server.farewell]) }.get()
        try await user.wait(for: "the loss") { user in
            user.count { if case .lost = $0 { true } else { false } } == 1
        }
        try await user.wait(for: "the return") { $0.isBack }
        try await user.close()
        try await listener.close()
    }

    @Test(arguments: ["tcp:127.0.0.1:1", "unix:/nonexistent/socket"])
    func nobodyThereIsExplained(name: String) async throws {
        let user = PortUser(try PortSpecification(name).makeDonglePort(on: loop), on: loop)
        let error = await #expect(throws: SocketError.self) { try await user.open() }
        #expect(error?.operation == "open \(name)")
        #expect(error?.errno == (name.hasPrefix("tcp") ? .connectionRefused : .noSuchFileOrDirectory))
        #expect(error?.advice == "Is the program running that offers it?")
    }

    @Test(arguments: [
        ("ttyUSB0", "names no port"), ("serial:", "names no port"), ("tcp:localhost", "not a host and a port"),
        ("tcp:localhost:0", "not a host and a port"), ("tcp::80", "not a host and a port"),
        ("tcp:::1:80", "not a host and a port"), ("", "names no port"), ("usb2:", "names no port"),
    ])
    func namesThatAreNoneAreExplained(name: String, reason: String) {
        let error = #expect(throws: SocketError.self) { try PortSpecification(name) }
        #expect(error?.reason.contains(reason) == true)
    }

    @Test func namesAreRead() throws {
        #expect(try PortSpecification("serial:/dev/serial/by-id/a:b").kind == .serial(path: "/dev/serial/by-id/a:b"))
        #expect(try PortSpecification("tcp:[::1]:80").kind == .tcp(host: "::1", port: 80))
        #expect(try PortSpecification("unix:/run/x").kind == .unix(path: "/run/x"))
    }

    @Test func aStreamTakesNoDongleThatNeedsLines() throws {
        let specification = try PortSpecification("tcp:localhost:80")
        let error = #expect(throws: SocketError.self) { try specification.makeDonglePort(dongle: "tekram", on: loop) }
        #expect(error?.reason.contains("no control lines") == true)
        let unknown = #expect(throws: SocketError.self) { try specification.makeDonglePort(dongle: "none", on: loop) }
        #expect(unknown?.reason.contains("there is no dongle kind 'none'") == true)
    }
}
