import Glibc
import IrDAAdapters
import IrDABackend
import IrDAProtocol
import NIOPosix
import SocketBackends
import TestSupport
import Testing

@testable import IrDAStation

/// Programs that leave while their peers do not read, in modelled time.
@Suite struct LeavingTests {
    @Test(
        "a program that has left with data that nobody takes holds the link no longer than the drain time and again as long"
    )
    func stuck() async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let clock = try ModelledClock(on: loop)
        let sticks = (
            ModelledAdapter(IrDABridgeModel(), clock: clock), ModelledAdapter(IrDABridgeModel(), clock: clock)
        )
        sticks.0.onLight { sticks.1.shine($0) }
        sticks.1.onLight { sticks.0.shine($0) }
        try await onThread {
            func station(_ name: String, _ address: UInt32, _ stick: ModelledAdapter) throws -> StationHost {
                try TwoStations.station(
                    name, address,
                    on: USBPort(ModelledAdapterSource(model: stick, adapter: IrDABridge()), on: loop, clock: clock),
                    loop,
                    clock: clock)
            }
            let hosts = (
                try station("Desk", 0x1234_5678, sticks.0), try station("Phone", TwoStations.phoneAddress, sticks.1)
            )
            func sockets(_ host: StationHost) throws -> IrDABackend {
                IrDABackend(provider: try StationProvider(host, station: PortStation.id, name: "port"))
            }
            let server = try makeSocket(sockets(hosts.1))
            try server.bind(to: IrDAAddress(device: .none, service: .name("Quiet")).socketAddress)
            try server.listen(backlog: 1)
            let client = try makeSocket(sockets(hosts.0))
            _ = try client.connect(
                to: IrDAAddress(device: TwoStations.phone, service: .name("Quiet")).socketAddress)
            _ = try server.readiness(waitingFor: Int16(POLLIN))
            let accepted = try server.accept().socket
            _ = try client.readiness(waitingFor: Int16(POLLOUT))
            try client.finishConnect()
            var (last, repetitions) = (UInt64(0), 0)
            try waitUntil("everything is full") {
                while (try? client.sendSome(randomBytes(30_000, seed: 1))) != nil {}
                let taken = try hosts.0.onLoop(for: "look for programs") { host in
                    .success(host.programs.values.reduce(0) { $0 + $1.sent })
                }
                (last, repetitions) = (taken, taken == last ? repetitions + 1 : 0)
                return repetitions == 50
            }
            client.close()
            try waitUntil("the connection is over") {
                try hosts.0.onLoop(for: "look for programs") { host in
                    .success(host.programs.isEmpty && host.medium.stack(of: PortStation.id).peer == nil)
                }
            }
            withExtendedLifetime(accepted) {}
            try hosts.0.close(patience: .zero)
            try hosts.1.close(patience: .zero)
        }
        withExtendedLifetime(sticks) {}
    }
}
