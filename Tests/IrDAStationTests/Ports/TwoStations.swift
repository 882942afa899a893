import Glibc
import IrDABackend
import IrDAProtocol
import NIOCore
import SocketBackends
import TestSupport
import Testing

@testable import IrDAStation

/// Two stations that talk to each other, each on a port of its own.
enum TwoStations {
    static let phone = IrDADeviceID(rawValue: phoneAddress)
    static let phoneAddress: UInt32 = 0x9ABC_DEF1

    /// A station that announces all that its port can do.
    ///
    /// - Parameter clock: what its time is; nil for that of the event loop.
    static func station(
        _ name: String, _ address: UInt32, on port: any LightPort, _ loop: any EventLoop,
        clock: (any PortClock)? = nil, report: (@Sendable (SocketError?) -> Void)? = nil
    ) throws -> StationHost {
        var parameters = NegotiationParameters.unlimited
        // A link that is lost keeps nobody waiting for long.
        parameters.disconnectTimes = .s3
        return try StationHost.open(
            port,
            configuration: IrDAStack.Configuration(
                address: DeviceAddress(rawValue: address), name: name, hints: .computer, parameters: parameters),
            seed: UInt64(address), capture: nil, clock: clock, on: loop, report: report)
    }

    /// A connection there, a message each way, and the end.
    static func talk(_ desk: StationHost, _ phone: StationHost) throws {
        let deskSockets = IrDABackend(provider: try StationProvider(desk, station: PortStation.id, name: "port"))
        let phoneSockets = IrDABackend(provider: try StationProvider(phone, station: PortStation.id, name: "port"))
        try talk(deskSockets, to: phoneSockets, at: Self.phone, length: 3_000)
        try desk.close()
        try phone.close()
    }

    /// A connection from one to the other, a message each way, and the end.
    static func talk(_ desk: IrDABackend, to phone: IrDABackend, at device: IrDADeviceID, length: Int) throws {
        #expect(try desk.device(named: "Phone") == device)
        let server = try makeSocket(phone)
        try server.bind(to: IrDAAddress(device: .none, service: .name("Echo")).socketAddress)
        try server.listen(backlog: 1)
        let client = try makeSocket(desk)
        _ = try client.connect(to: IrDAAddress(device: device, service: .name("Echo")).socketAddress)
        _ = try server.readiness(waitingFor: Int16(POLLIN))
        let accepted = try server.accept().socket
        _ = try client.readiness(waitingFor: Int16(POLLOUT))
        try client.finishConnect()
        let bytes = randomBytes(length, seed: 7)
        try client.sendAll(bytes)
        #expect(try difference(accepted.receiveAll(bytes.count), from: bytes) == nil)
        try accepted.sendAll(bytes)
        #expect(try difference(client.receiveAll(bytes.count), from: bytes) == nil)
        client.close()
        #expect(try accepted.receiveAll(1) == [])
    }
}
