import Glibc
import IrDABackend
import IrDAProtocol
import NIOCore
import NIOPosix
import SocketBackends
import SystemPackage

@testable import IrDAStation

/// Two real stations, in real time, at the two ends of one stream of bytes.
struct PortPair {
    let desk: StationHost
    let phone: StationHost
    let deskSockets: IrDABackend
    let phoneSockets: IrDABackend
    let phoneID = IrDADeviceID(rawValue: 0x9ABC_DEF1)
    /// What is done with the stream besides, to the harm of both.
    let cable: SharedDescriptor

    init() throws {
        var ends: [Int32] = [-1, -1]
        try systemCall(for: "make a pair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) }
        cable = SharedDescriptor(OwnedDescriptor(FileDescriptor(rawValue: dup(ends[0]))))
        desk = try Self.station("Desk", address: 0x1234_5678, on: ends[0])
        phone = try Self.station("Phone", address: phoneID.rawValue, on: ends[1])
        deskSockets = IrDABackend(provider: try StationProvider(desk, station: PortStation.id, name: "port"))
        phoneSockets = IrDABackend(provider: try StationProvider(phone, station: PortStation.id, name: "port"))
    }

    private static func station(_ name: String, address: UInt32, on number: Int32) throws -> StationHost {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let port = StreamPort(OwnedDescriptor(FileDescriptor(rawValue: number)), name: "pair:\(name)", on: loop)
        return try StationHost.open(
            port,
            configuration: IrDAStack.Configuration(
                address: DeviceAddress(rawValue: address), name: name, hints: .computer),
            seed: UInt64(address), on: loop)
    }

    /// Cuts the stream, as when a dongle is unplugged.
    func cut() throws {
        try cable.withDescriptor(for: "cut") { _ = shutdown($0.rawValue, Int32(SHUT_RDWR)) }
    }
}
