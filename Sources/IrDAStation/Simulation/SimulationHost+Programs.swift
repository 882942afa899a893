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

/// A program at the end of a connection.
struct ProgramEnd: Sendable {
    /// Nil for the programs of `exec:` services.
    let endpoint: SimulatedEndpoint?
    let channel: any Channel
    /// What the program has written and the peer has given no credit for yet.
    var unsent: ArraySlice<UInt8> = []
    /// Whether a read is under way; one at a time keeps `unsent` short.
    var isReading = false
    /// Whether the program has closed its end; the connection ends when `unsent` is gone.
    var hasLeft = false
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
        operation: String
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
            let connection = host.simulation.with(station) { $0.connect(to: target, at: peer, now: $1) }
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
                    (Result { () throws(IrDAServiceError) in try stack.offer(className: className, selector: wanted) }, [])
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

    /// The program has closed a socket. A connection that is open ends by itself when its data has gone.
    nonisolated func programClosed(_ endpoint: SimulatedEndpoint, of station: StationID) {
        loop.execute {
            self.assumeIsolated { host in
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

    /// Tells programs what has happened.
    ///
    /// - Returns: whether there was something.
    @discardableResult
    func deliverEvents() -> Bool {
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
        case .received(let connection, let bytes):
            received(bytes, on: hosted(connection))
        case .sendRoom(let connection):
            sendMore(hosted(connection))
        case .ended(let connection, let reason):
            ended(hosted(connection), reason)
        case .discovered, .linkConnected, .linkDisconnected:
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
        guard let program = programs.removeValue(forKey: connection) else { return }
        if !reason.isOrderly {
            var error = SocketError(reason, operation: "use the connection")
            error.code = .WSAECONNRESET
            program.endpoint?.broke(error)
        }
        // What was delivered before is written first: writes end in their order.
        let channel = program.channel
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
    }

    // MARK: Bytes

    /// Joins the station's end of a pair to a connection.
    private func join(_ connection: HostedConnection, to end: FileDescriptor, endpoint: SimulatedEndpoint?) {
        let joined = ClientBootstrap(group: loop)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.readSize))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ProgramHandler(host: self, connection: connection))
                }
            }
            .withConnectedSocket(end.rawValue)
        joined.whenComplete { result in
            self.assumeIsolated { host in
                switch result {
                case .success(let channel):
                    host.programs[connection] = ProgramEnd(endpoint: endpoint, channel: channel)
                    host.sendMore(connection)
                case .failure:
                    host.simulation.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
                }
            }
        }
    }

    /// As much as a peer usually gives credit for.
    private static let readSize = 32_768

    private func received(_ bytes: [UInt8], on connection: HostedConnection) {
        guard let channel = programs[connection]?.channel else { return }
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { _ in
            // Credit is given as the program reads: a write completes when its socket has room.
            self.assumeIsolated { host in
                guard !host.isClosed else { return }
                host.simulation.tell(connection.station) {
                    $0.consumed(segments: 1, on: connection.connection, at: $1)
                }
                host.tick()
            }
        }
    }

    /// The program has written something.
    func programSent(_ bytes: [UInt8], on connection: HostedConnection) {
        guard !isClosed else { return }
        programs[connection]?.unsent += bytes
        programs[connection]?.isReading = false
        catchUp()
        sendMore(connection)
        tick()
    }

    /// Sends what there is credit for, then asks the program for more.
    private func sendMore(_ connection: HostedConnection) {
        guard var program = programs[connection] else { return }
        let unsent = program.unsent
        let taken = simulation.with(connection.station) { $0.send(unsent, on: connection.connection, at: $1) }
        program.unsent = unsent.dropFirst(taken)
        let hasRoom = simulation.stack(of: connection.station).sendRoom(connection.connection) > 0
        let mayRead = program.unsent.isEmpty && hasRoom && !program.isReading && !program.hasLeft
        if mayRead { program.isReading = true }
        programs[connection] = program
        if mayRead { program.channel.read() }
        if program.hasLeft && program.unsent.isEmpty {
            programs[connection] = nil
            simulation.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
        }
    }

    /// The program has closed its end; all it wrote before has been read.
    func programLeft(_ connection: HostedConnection) {
        guard !isClosed, programs[connection] != nil else { return }
        catchUp()
        programs[connection]?.hasLeft = true
        sendMore(connection)
        tick()
    }

    // MARK: The end

    /// Tells everybody who is waiting that there is no medium any more.
    func abandonPrograms() {
        let operation = "use the simulated medium"
        for opening in opening.values { opening.endpoint.failed(Self.closedError(opening.operation)) }
        opening = [:]
        for program in programs.values {
            program.endpoint?.broke(Self.closedError(operation))
            program.channel.close(promise: nil)
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
