import IrDABackend
import IrDAProtocol
import IrDAService
import IrDASimulation
import SocketBackends
import Synchronization
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor

// What programs ask, and what they are told.
extension ServiceServer {
    func answer(_ request: ServiceRequest, number: UInt32, client: ClientID) {
        do throws(SocketError) {
            guard clients[client]?.isGreeted == true || request.isGreeting else {
                throw SocketError(
                    .WSAEINVAL, errno: .invalidArgument, operation: "use the station \(name)",
                    reason: "the program has not said hello")
            }
            if let answer = try carryOut(request, number: number, client: client) {
                reply(answer, number: number, to: client)
            }
        } catch {
            refused += 1
            reply(.failed(error), number: number, to: client)
        }
    }

    /// - Returns: the answer; nil if it has been given.
    private func carryOut(
        _ request: ServiceRequest, number: UInt32, client: ClientID
    ) throws(SocketError) -> ServiceReply? {
        switch request {
        case .hello(let version): return try greet(client, version: version)
        case .discover: try discover(number: number, client: client)
        case .knownDevices:
            return .devices(knownDevices)
        case .awaitDevice(let hints, let milliseconds):
            try awaitDevice(hints: hints, milliseconds: milliseconds, number: number, client: client)
        case .query(.ourselves, let className, let attribute):
            let result = onHost { host in
                host.medium.stack(of: self.station.id).database.values(
                    className: IASName(bytes: className), attribute: IASName(bytes: attribute))
            }
            return .attribute(try ServiceAttribute(result))
        case .query(let subject, let className, let attribute):
            let peer = try device(meantBy: subject, client: client)
            try query(
                IASName(bytes: attribute), of: IASName(bytes: className), at: peer, number: number, client: client)
        case .setAttribute(let id, let className, let attribute, let value):
            try setAttribute(
                IASAttribute(name: IASName(bytes: attribute), value: IASValue(value)), of: className,
                for: try endpoint(id, client))
        case .removeAttribute(let id, let className, let attribute):
            let endpoint = try endpoint(id, client)
            let name = IASName(bytes: try self.className(className, of: endpoint))
            try tryOnHost { host throws(SocketError) in
                try host.removeAttribute(
                    IASName(bytes: attribute), of: name, for: endpoint, operation: "remove an attribute")
            }
            return .done
        case .setHints(let id, let hints):
            let endpoint = try endpoint(id, client)
            onHost { $0.setHints(hints, for: endpoint) }
            return .done
        case .hints:
            return .hints(
                onHost { UInt16(truncatingIfNeeded: $0.medium.stack(of: self.station.id).hints.rawValue) })
        case .open(let kind): try open(kind, number: number, client: client)
        case .bind(let id, let target): return .bound(selector: try bind(try endpoint(id, client), to: target))
        case .listen(let id, let backlog): try listen(try endpoint(id, client), backlog: Int(backlog))
        case .accept(let id): try accept(try endpoint(id, client), number: number, client: client)
        case .connect(let id, let device, let target, let exclusively):
            try connect(
                id, try endpoint(id, client), to: device, target, exclusively: exclusively, number: number,
                client: client)
        case .outcome(let id): return .outcome(try outcome(of: try endpoint(id, client)))
        case .failure(let id): return .failure(try endpoint(id, client).failure)
        case .names(let id): return .names(names(of: try endpoint(id, client)))
        case .transferUnits(let id): return .transferUnits(try transferUnits(of: try endpoint(id, client)))
        case .setMaximumSDU(let id, let size): try setMaximumSDU(size, of: try endpoint(id, client))
        case .setLayer(let id, let layer): try setLayer(layer, of: try endpoint(id, client))
        case .sendUltra(let id, let protocolID, let packet):
            let endpoint = try endpoint(id, client)
            try tryOnHost { host throws(SocketError) in
                try host.sendUltra(packet, protocolID: protocolID, by: endpoint, operation: "send an Ultra packet")
            }
            return .done
        case .close(let id):
            let endpoint = try endpoint(id, client)
            forget(id)
            onHost { endpoint.release(by: $0) }
            return .done
        case .status: return .status(status)
        case .faults: return .faults(try tryOnHost { host throws(SocketError) in try host.faults })
        case .addFault(let rule):
            return .faults(
                try tryOnHost { host throws(SocketError) in
                    try host.addFault(rule)
                    return try host.faults
                })
        case .removeFault(let number):
            try tryOnHost { host throws(SocketError) in try host.removeFault(number) }
            return .done
        }
        return request.answersItself ? nil : .done
    }

    private func greet(_ client: ClientID, version: UInt16) throws(SocketError) -> ServiceReply {
        guard version == ServiceRequest.protocolVersion else {
            throw SocketError(
                .WSAVERNOTSUPPORTED, errno: .protocolNotSupported, operation: "use the station \(name)",
                reason: "the service speaks version \(ServiceRequest.protocolVersion), the program \(version)",
                advice: "Use the service and the library of one version of IrSock.")
        }
        clients[client]?.isGreeted = true
        return .welcome(identity)
    }

    var identity: ServiceIdentity {
        ServiceIdentity(
            version: ServiceRequest.protocolVersion, station: name, address: station.device.rawValue,
            medium: mediumName)
    }

    // MARK: The host

    /// The host runs on the same loop, so this is a plain call.
    func onHost<Value: Sendable>(_ body: @Sendable (isolated StationHost) -> Value) -> Value {
        host.assumeIsolated(body)
    }

    func tryOnHost<Value: Sendable>(
        _ body: @Sendable (isolated StationHost) throws(SocketError) -> Value
    ) throws(SocketError) -> Value {
        let outcome: Result<Value, SocketError> = host.assumeIsolated { host in
            do throws(SocketError) {
                return .success(try body(host))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    // MARK: Devices

    private func discover(number: UInt32, client: ClientID) throws(SocketError) {
        try issueTicket(number: number, to: client) { ticket in
            onHost { host in
                host.discover(on: self.station.id, for: "discover infrared devices") { _, outcome in
                    self.assumeIsolated { server in
                        switch outcome {
                        case .success: server.finish(ticket, .devices(server.knownDevices))
                        case .failure(let error): server.finish(ticket, .failed(error))
                        }
                    }
                }
            }
            return nil
        }
    }

    private func awaitDevice(
        hints: UInt16, milliseconds: UInt32, number: UInt32, client: ClientID
    ) throws(SocketError) {
        let operation = "wait for an infrared device"
        if let obstacle = onHost({ $0.obstacle(for: operation) }) { throw obstacle }
        let wanted: ServiceHints = hints == 0xFFFF ? [] : ServiceHints(rawValue: UInt32(hints))
        try issueTicket(number: number, to: client) { ticket in
            let wait = onHost { host in
                host.waitForDevice(
                    offering: wanted, for: .milliseconds(milliseconds), on: self.station.id
                ) { host, record in
                    let obstacle = host.obstacle(for: operation)
                    self.assumeIsolated { server in
                        if let record {
                            server.finish(ticket, .devices([server.device(record, age: .zero)]))
                        } else {
                            server.finish(ticket, .failed(obstacle ?? .noDeviceInTime(operation)))
                        }
                    }
                }
            }
            return { $0.cancel(wait) }
        }
    }

    private func query(
        _ attribute: IASName, of className: IASName, at peer: DeviceAddress, number: UInt32, client: ClientID
    ) throws(SocketError) {
        let operation = "ask \(peer) for \(attribute) of \(className)"
        try issueTicket(number: number, to: client) { ticket in
            onHost { host in
                host.query(attribute, of: className, at: peer, on: self.station.id, for: operation) { _, outcome in
                    self.assumeIsolated { server in
                        do throws(SocketError) {
                            server.finish(ticket, .attribute(try ServiceAttribute(try outcome.get())))
                        } catch {
                            server.finish(ticket, .failed(error))
                        }
                    }
                }
            }
            return nil
        }
    }

    private func device(meantBy subject: ServiceSubject, client: ClientID) throws(SocketError) -> DeviceAddress {
        switch subject {
        case .device(let device): return DeviceAddress(rawValue: device)
        case .ourselves: return DeviceAddress(rawValue: station.device.rawValue)
        case .peer(let id):
            let endpoint = try endpoint(id, client)
            guard let peer = endpoint.state.withLock({ $0.phase == .connected ? $0.peer : nil }) else {
                throw .notConnected("ask the peer")
            }
            return DeviceAddress(rawValue: peer.device)
        }
    }

    /// The devices of this discovery and of those just before: answers collide now and then (facts of Winsock, 8.2).
    var knownDevices: [ServiceDevice] {
        onHost { $0.knownDevices(of: self.station.id) }.map { device($0.record, age: $0.age) }
    }

    func device(_ record: DiscoveryRecord, age: Duration) -> ServiceDevice {
        ServiceDevice(
            station: station.device.rawValue, address: record.address.rawValue,
            hints: UInt16(truncatingIfNeeded: record.info.hints.rawValue),
            characterSet: record.info.characterSet.rawValue, name: record.info.nickname,
            age: UInt32(clamping: age.components.seconds * 1000 + age.components.attoseconds / 1_000_000_000_000_000))
    }

    // MARK: The information base

    private func setAttribute(
        _ attribute: IASAttribute, of className: [UInt8], for endpoint: StationEndpoint
    ) throws(SocketError) {
        let name = IASName(bytes: try self.className(className, of: endpoint))
        try tryOnHost { host throws(SocketError) in
            try host.setAttribute(attribute, of: name, for: endpoint, operation: "set an attribute")
        }
    }

    /// An empty name means the class of the socket's own service.
    private func className(_ name: [UInt8], of endpoint: StationEndpoint) throws(SocketError) -> [UInt8] {
        if !name.isEmpty { return name }
        guard let own = endpoint.state.withLock({ $0.local.className }) else {
            throw SocketError(
                .WSAEINVAL, errno: .invalidArgument, operation: "find the class of a socket",
                reason: "the socket is not bound to a name", advice: "Bind it first, or name the class.")
        }
        return own
    }
}

extension ServiceRequest {
    fileprivate var isGreeting: Bool { if case .hello = self { true } else { false } }

    /// Whether what carries the request out also answers it, with a descriptor.
    fileprivate var answersItself: Bool {
        switch self {
        case .discover, .awaitDevice, .query, .open, .accept, .connect: true
        default: false
        }
    }
}

extension ServiceAttribute {
    /// - Throws: WSAECONNABORTED if the device's answer makes no sense.
    init(_ result: IASResult) throws(SocketError) {
        switch try IASAnswer(result, operation: "ask an information base") {
        case .noSuchClass: self = .noSuchClass
        case .noSuchAttribute: self = .noSuchAttribute
        case .integer(let number): self = .integer(number)
        case .octets(let octets): self = .octets(octets)
        case .string(let text, let characterSet): self = .string(text, characterSet: characterSet)
        }
    }
}

extension IASValue {
    init(_ attribute: ServiceAttribute) {
        switch attribute {
        case .noSuchClass, .noSuchAttribute: self = .missing
        case .integer(let number): self = .integer(number)
        case .octets(let octets): self = .octets(octets)
        case .string(let text, let characterSet):
            self = .string(IASString(characterSet: CharacterSet(rawValue: characterSet), bytes: text))
        }
    }
}

extension SocketError {
    static func notConnected(_ operation: String) -> SocketError {
        SocketError(
            .WSAENOTCONN, errno: .socketNotConnected, operation: operation, reason: "the socket is not connected",
            advice: "Connect it first.")
    }

    fileprivate static func noDeviceInTime(_ operation: String) -> SocketError {
        SocketError(
            .WSAETIMEDOUT, errno: .resourceTemporarilyUnavailable, operation: operation,
            reason: "no such device has come into range in time")
    }
}
