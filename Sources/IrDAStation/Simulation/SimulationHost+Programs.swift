import IrDABackend
import IrDAProtocol
import IrDASimulation
import NIOCore
import NIOPosix
import SocketBackends
import struct SystemPackage.FileDescriptor

/// A connect that a program waits for.
struct Opening: Sendable {
    let endpoint: SimulatedEndpoint
    let operation: String
}

/// A service of one of the stations that a host runs.
struct HostedService: Hashable, Sendable {
    let station: StationID
    let service: IrDAServiceID
}

// What programs want, and what happens to their connections.
extension SimulationHost {
    // MARK: From endpoints, on any thread

    nonisolated func connect(
        _ endpoint: SimulatedEndpoint, of station: StationID, to device: IrDADeviceID, service: IrDAServiceName,
        exclusively: Bool, operation: String
    ) throws(SocketError) {
        let target: IrDATarget =
            switch service {
            case .name(let name): .service(IASName(name))
            case .selector(let selector): .selector(LSAPSelector(rawValue: selector))
            case .unspecified: .service("")
            }
        try onLoop(for: operation) { host -> Result<Void, SocketError> in
            guard !host.isClosed else { return .failure(Self.closedError(operation)) }
            host.catchUp()
            let peer = DeviceAddress(rawValue: device.rawValue)
            // The number of the connection is known only when the stack has done all that it can do at once.
            let connection = host.simulation.with(station) {
                $0.connect(to: target, at: peer, exclusively: exclusively, now: $1)
            }
            host.opening[HostedConnection(station: station, connection: connection)] = Opening(
                endpoint: endpoint, operation: operation)
            host.tick()
            return .success(())
        }
    }

    nonisolated func offer(
        _ service: IrDAServiceName, for endpoint: SimulatedEndpoint, on station: StationID
    ) throws(SocketError) -> UInt8 {
        let operation = "bind to \(service)"
        return try onLoop(for: operation) { host in
            let className: IASName? = if case .name(let name) = service { IASName(name) } else { nil }
            let wanted: LSAPSelector? =
                if case .selector(let selector) = service { LSAPSelector(rawValue: selector) } else { nil }
            let offered: Result<(id: IrDAServiceID, selector: LSAPSelector), IrDAServiceError> =
                host.simulation.with(station) { stack, _ in
                    (
                        Result { () throws(IrDAServiceError) in try stack.offer(className: className, selector: wanted)
                        }, []
                    )
                }
            return
                offered
                .map { offered in
                    host.listeners[HostedService(station: station, service: offered.id)] = endpoint
                    return offered.selector.rawValue
                }
                .mapError { SocketError($0, operation: operation) }
        }
    }

    nonisolated func setAttribute(
        _ attribute: String, ofClass className: String, to value: IASAnswer, on station: StationID
    ) throws(SocketError) -> UInt16 {
        let operation = "set \(attribute) of \(className)"
        let attribute = IASAttribute(name: IASName(attribute), value: IASValue(value))
        return try onLoop(for: operation) { host in
            let outcome: Result<UInt16, IASError> = host.simulation.with(station) { stack, _ in
                (Result { () throws(IASError) in try stack.setAttribute(attribute, of: IASName(className)) }, [])
            }
            return outcome.mapError { SocketError(.WSAEINVAL, operation: operation, reason: "\($0)") }
        }
    }

    nonisolated func sendPDULength(of endpoint: SimulatedEndpoint) throws(SocketError) -> Int? {
        try onLoop(for: "measure a connection") { host in
            let connection = host.programs.first { $0.value.endpoint === endpoint }?.key
            return .success(
                connection.flatMap { host.simulation.stack(of: $0.station).segmentSize(of: $0.connection) })
        }
    }

    /// The program has closed a socket. A connection that is open ends by itself when its data has gone.
    nonisolated func programClosed(
        _ endpoint: SimulatedEndpoint, of station: StationID, attributes: [OwnedAttribute]
    ) {
        loop.execute {
            self.assumeIsolated { host in
                host.simulation.tell(station) { stack, _ in
                    for attribute in attributes { stack.removeAttribute(attribute.name, from: attribute.object) }
                    return []
                }
                for (key, opening) in host.opening where opening.endpoint === endpoint {
                    host.opening[key] = nil
                    host.simulation.tell(key.station) { $0.disconnect(key.connection, at: $1) }
                }
                for (key, listener) in host.listeners where listener === endpoint {
                    host.listeners[key] = nil
                    host.simulation.tell(key.station) { stack, _ in
                        stack.withdraw(key.service)
                        return []
                    }
                }
                if !host.isClosed { host.tick() }
            }
        }
    }

    // MARK: From the medium

    /// Tells programs what has happened, in its order: what happens while somebody is being told waits for its turn.
    ///
    /// - Returns: whether there was something.
    @discardableResult
    func deliverEvents() -> Bool {
        guard !isDelivering else { return false }
        isDelivering = true
        defer { isDelivering = false }
        var any = false
        while case let events = simulation.takeEvents(), !events.isEmpty {
            any = true
            for happened in events { deliver(happened.event, of: happened.station) }
        }
        return any
    }

    private func deliver(_ event: IrDAEvent, of station: StationID) {
        func hosted(_ connection: IrDAConnectionID) -> HostedConnection {
            HostedConnection(station: station, connection: connection)
        }
        switch event {
        case .discoveryEnded(let report):
            for promise in discoveries.removeValue(forKey: station) ?? [] { promise.succeed(.success(report)) }
        case .queryEnded(let id, let outcome):
            queries.removeValue(forKey: id)?.succeed(outcome)
        case .connected(let connection):
            connected(hosted(connection))
        case .incoming(let connection, let service, let peer):
            incoming(hosted(connection), to: HostedService(station: station, service: service), from: peer)
        case .received(let connection, let bytes), .receivedTruncated(let connection, let bytes):
            received(bytes, on: hosted(connection))
        case .sendRoom(let connection):
            sendMore(hosted(connection))
        case .ended(let connection, let reason):
            ended(hosted(connection), reason)
        case .discovered, .addressChanged, .deviceWaitEnded, .unitData, .ultra, .closed, .linkConnected, .linkStalled,
            .linkDisconnected:
            break
        }
    }

    private func connected(_ connection: HostedConnection) {
        guard let opening = opening.removeValue(forKey: connection) else { return }
        guard let end = opening.endpoint.opened() else {
            simulation.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
            return
        }
        join(connection, to: end, endpoint: opening.endpoint)
    }

    private func incoming(_ connection: HostedConnection, to service: HostedService, from peer: DeviceAddress) {
        if case .program(let command) = simulation.behaviour(of: service.service, on: service.station) {
            run(command, on: connection)
            return
        }
        guard let listener = listeners[service], listener.hasRoomForConnection,
            let (endpoint, end) = try? listener.admit(IrDADeviceID(rawValue: peer.rawValue))
        else {
            // As a full backlog is everywhere: the peer is refused.
            simulation.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
            return
        }
        accept(connection, with: end, endpoint: endpoint)
    }

    /// Lets a peer in and gives it a program to talk to.
    func accept(_ connection: HostedConnection, with end: FileDescriptor, endpoint: SimulatedEndpoint?) {
        simulation.tell(connection.station) { $0.accept(connection.connection, at: $1) }
        join(connection, to: end, endpoint: endpoint)
    }

    private func ended(_ connection: HostedConnection, _ reason: IrDAEndReason) {
        if let opening = opening.removeValue(forKey: connection) {
            opening.endpoint.failed(SocketError(reason, operation: opening.operation))
        }
        guard let program = programs[connection] else { return }
        if !reason.isOrderly {
            var error = SocketError(reason, operation: "use the connection")
            error.code = .WSAECONNRESET
            program.endpoint?.broke(error)
        }
        programs[connection]?.peerHasLeft = true
        closeIfPeerHasLeft(connection)
    }

    /// Closes the way to a program once what was delivered before is written: writes end in their order.
    func closeIfPeerHasLeft(_ connection: HostedConnection) {
        guard let program = programs[connection], program.peerHasLeft, let channel = program.channel else { return }
        programs[connection] = nil
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
    }

    // MARK: The end

    /// Tells everybody who is waiting that there is no medium any more.
    func abandonPrograms() {
        let operation = "use the simulated medium"
        for opening in opening.values { opening.endpoint.failed(Self.closedError(opening.operation)) }
        opening = [:]
        for program in programs.values {
            program.endpoint?.broke(Self.closedError(operation))
            program.channel?.close(promise: nil)
        }
        programs = [:]
        listeners = [:]
        for promise in discoveries.values.joined() { promise.succeed(.failure(Self.closedError(operation))) }
        discoveries = [:]
        for promise in queries.values { promise.succeed(.failed(.link(.requested))) }
        queries = [:]
        for runner in runners.values { runner.cancel() }
    }
}
