import Glibc
import IrDAProtocol
import IrDAService
import IrDASimulation
import SocketBackends
import SystemPackage
import Testing

@testable import IrDAStation

/// A desk and a phone on a simulated medium, each served to other processes; a printer with an echo stands by.
struct ServedRoom {
    let host: StationHost
    let desk: ServiceServer
    let phone: ServiceServer
    let directory: String
    let phoneID: UInt32 = 0x9ABC_DEF1
    let printerID: UInt32 = 0x2222_2222

    init(limits: ServiceLimits = ServiceLimits(), seed: UInt64 = 1, speed: Speed = .maximum) throws {
        var template = Array("/tmp/irsock-test-XXXXXX".utf8CString)
        directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        var simulation = Simulation(seed: seed)
        func station(_ name: String, _ address: UInt32) -> StationID {
            simulation.addStation(
                IrDAStack.Configuration(
                    address: DeviceAddress(rawValue: address), name: name, hints: [.computer, .obex]))
        }
        let desk = station("Desk", 0x1234_5678)
        let phone = station("Phone", phoneID)
        let printer = station("Printer", printerID)
        _ = try simulation.offer(.echo, on: printer, className: "Echo")
        _ = try simulation.offer(.program("yes"), on: printer, className: "Deaf")
        host = StationHost(simulation, speed: speed)
        let path = ServiceDirectory(path: directory)
        self.desk = try ServiceServer.start(
            host, station: desk, path: path.socketPath(of: "Desk"), mediumName: "simulation", limits: limits)
        self.phone = try ServiceServer.start(
            host, station: phone, path: path.socketPath(of: "Phone"), mediumName: "simulation", limits: limits)
    }

    func client(_ station: String) throws -> ServiceClient {
        try ServiceClient(path: ServiceDirectory(path: directory).socketPath(of: station))
    }

    /// Connects a socket of the desk to one of the phone, and closes the room when `body` is done with them.
    func withConnection(
        _ kind: ServiceSocketKind = .stream,
        _ body: (
            _ client: ServiceClient, _ server: ServiceClient, _ socket: consuming ProgramSocket,
            _ accepted: consuming ProgramSocket
        ) throws -> Void
    ) throws {
        let (client, server) = (try client("Desk"), try client("Phone"))
        let listener = try server.listen("Files", kind)
        let socket = try client.makeSocket(kind)
        try client.connect(socket, to: phoneID, "Files")
        let accepted = try server.acceptOne(listener)
        try body(client, server, socket, accepted)
        try close()
    }

    func close() throws {
        try desk.stop()
        try phone.stop()
        try host.close()
        #expect(ServiceDirectory(path: directory).stations == [])
        rmdir(directory)
    }
}

/// A socket as a program has it: the descriptor and the name.
struct ProgramSocket: ~Copyable {
    let id: ServiceSocketID
    let descriptor: OwnedDescriptor

    init(_ socket: consuming ServiceSocket) {
        id = socket.id
        descriptor = socket.release()
    }

    var fileDescriptor: FileDescriptor { descriptor.withDescriptor { $0 } }
    var number: Int32 { fileDescriptor.rawValue }

    /// Waits for readiness, but not for ever.
    func wait(_ events: Int32, patience milliseconds: Int32 = 30_000) throws -> Int32 {
        var entry = pollfd(fd: number, events: Int16(events), revents: 0)
        try systemCall(for: "poll") { poll(&entry, 1, milliseconds) }
        #expect(entry.revents != 0 || milliseconds == 0, "nothing happened in \(milliseconds) ms")
        return Int32(entry.revents)
    }

    func sendAll(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            _ = try wait(POLLOUT)
            let piece = Array(rest.prefix(32_768))
            rest = rest.dropFirst(
                try systemCall(for: "send") { send(number, piece, piece.count, Int32(MSG_NOSIGNAL)) })
        }
    }

    /// Receives up to `count` bytes, fewer only at the end.
    func receiveAll(_ count: Int) throws -> [UInt8] {
        var received: [UInt8] = []
        while received.count < count {
            guard case let piece = try receive(count - received.count), !piece.isEmpty else { break }
            received += piece
        }
        return received
    }

    /// One call of recv.
    func receive(_ count: Int) throws -> [UInt8] {
        _ = try wait(POLLIN)
        var buffer = [UInt8](repeating: 0, count: count)
        let got = try systemCall(for: "receive") { recv(number, &buffer, count, 0) }
        return Array(buffer.prefix(got))
    }
}

extension ServiceClient {
    func makeSocket(_ kind: ServiceSocketKind = .stream) throws -> ProgramSocket { ProgramSocket(try open(kind)) }

    /// Connects and waits for how that ends.
    func connect(_ socket: borrowing ProgramSocket, to device: UInt32, _ service: String) throws {
        if let replacement = try connect(socket.id, to: device, .name(Array(service.utf8))) {
            try ServiceClient.install(replacement, over: socket.fileDescriptor)
        }
        _ = try socket.wait(POLLOUT)
        switch try outcome(of: socket.id, descriptor: socket.fileDescriptor) {
        case .connected: break
        case .pending: Issue.record("writable, but pending")
        case .failed(let error): throw error
        }
    }

    /// Connects to a device that may still believe in a link to somebody who has died: it hears nobody else until the threshold time
    /// is over, at most 40 s on the medium.
    func connectPatiently(_ socket: borrowing ProgramSocket, to device: UInt32, _ service: String) throws {
        for _ in 0..<60 {
            do {
                return try connect(socket, to: device, service)
            } catch let error as SocketError where error.code == .WSAETIMEDOUT {
                continue
            }
        }
        throw TestFailure("never connected")
    }

    /// Looks for devices until so many are found: answers can collide, but not always.
    func discoverAll(_ count: Int) throws -> [ServiceDevice] {
        for _ in 0..<20 {
            let found = try discover().wait()
            if found.count == count { return found }
        }
        throw TestFailure("never found \(count) devices")
    }

    func listen(_ service: String, _ kind: ServiceSocketKind = .stream) throws -> ProgramSocket {
        let socket = try makeSocket(kind)
        _ = try bind(socket.id, to: .name(Array(service.utf8)))
        try listen(socket.id, backlog: 4)
        return socket
    }

    /// Accepts whoever waits, and lets them go.
    func acceptAll(_ socket: borrowing ProgramSocket) throws {
        while try socket.wait(POLLIN, patience: 0) != 0 { _ = try acceptOne(socket) }
    }

    func acceptOne(_ socket: borrowing ProgramSocket) throws -> ProgramSocket {
        _ = try socket.wait(POLLIN)
        guard let accepted = try accept(socket.id, descriptor: socket.fileDescriptor) else {
            throw TestFailure("nobody waits")
        }
        return ProgramSocket(accepted.release())
    }
}
