import BluetoothBackend
import FamilyFixtures
import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// A Bluetooth that is made up: an adapter, devices in range, services at them, and sockets that are those of the loopback interface.
final class Radio: Sendable {
    /// This machine's own address.
    static let own: UInt64 = 0x0200_0000_0001

    let kernel: LoopbackKernel
    private let state = Mutex(State())

    private struct State {
        var hasAdapter = true
        var devices: [BluetoothDevice] = []
        var services: [ServiceClass: UInt8] = [:]
        var lookUpError: Errno?
        var inquiries: [String] = []
        /// Held while look-ups must not end.
        var gate: Gate?
    }

    init(hasFamily: Bool = true) {
        let names = LoopbackKernel.Names(
            family: 31, none: [31, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            bound: { wish, number in
                // A client without a channel is a device of its own, so that its peers can tell it from others.
                wish[8] == 0 ? [31, 0, UInt8(number & 255), UInt8(number >> 8), 0, 0, 0, 3, 0, 0] : wish
            },
            target: { Array($0[2..<9]) })
        kernel = LoopbackKernel(names, isThere: hasFamily)
    }

    var backend: BluetoothBackend {
        var calls = BluetoothCalls()
        calls.system = kernel.calls
        calls.adapter = { () throws(Errno) in
            guard self.state.withLock({ $0.hasAdapter }) else { throw .operationNotSupportedByDevice }
            return 0
        }
        calls.inquire = { units, flushes throws(Errno) in
            self.state.withLock { state in
                state.inquiries.append("\(units)\(flushes ? " flushing" : "")")
                return state.devices
            }
        }
        calls.channel = { _, service throws(Errno) in
            self.state.withLock({ $0.gate })?.wait()
            if let error = self.state.withLock({ $0.lookUpError }) { throw error }
            return self.state.withLock { $0.services[service] }
        }
        return BluetoothBackend(calls: calls)
    }

    func removeAdapter() { state.withLock { $0.hasAdapter = false } }
    func put(_ devices: BluetoothDevice...) { state.withLock { $0.devices = devices } }
    func offer(_ service: ServiceClass, channel: UInt8) { state.withLock { $0.services[service] = channel } }
    func failLookUps(_ error: Errno) { state.withLock { $0.lookUpError = error } }
    func hold(_ gate: Gate) { state.withLock { $0.gate = gate } }
    var inquiries: [String] { state.withLock { $0.inquiries } }
}

/// Holds threads up until it is opened.
final class Gate: Sendable {
    private let readEnd: OwnedDescriptor
    private let writeEnd: Mutex<OwnedDescriptor?>

    init() throws {
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        self.readEnd = OwnedDescriptor(readEnd)
        self.writeEnd = Mutex(OwnedDescriptor(writeEnd))
    }

    func wait() {
        readEnd.withDescriptor { descriptor in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            _ = poll(&watched, 1, 30_000)
        }
    }

    func open() {
        let end = writeEnd.withLock { $0.take() }
        _ = consume end
    }
}

extension BluetoothBackend {
    func socket() throws -> any BackendSocket {
        guard case .socket(let socket) = try makeSocket(type: .stream, protocolNumber: .any) else { throw Declined() }
        return socket
    }
}

struct Declined: Error {}

extension BackendSocket {
    /// How the descriptor is ready, after at most so many milliseconds.
    func readiness(_ patience: Int32 = 30_000) throws -> Int32 {
        try descriptor.withDescriptor(for: "poll") { descriptor throws(SocketError) in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN | POLLOUT), revents: 0)
            try systemCall(for: "poll") { poll(&watched, 1, patience) }
            return Int32(watched.revents)
        }
    }

    /// Connects, and waits for the end.
    func connectToTheEnd(_ address: SocketAddress) throws {
        if try connect(to: address) == .pending {
            _ = try readiness()
            try finishConnect()
        }
    }
}
