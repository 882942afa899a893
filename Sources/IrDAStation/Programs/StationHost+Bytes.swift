import IrDABackend
import IrDAProtocol
import IrDASimulation
import NIOCore
import NIOPosix
import SocketBackends
import struct SystemPackage.FileDescriptor

/// A program at the end of a connection.
struct ProgramEnd: Sendable {
    /// Nil for the programs of `exec:` services.
    let endpoint: StationEndpoint?
    /// The way to the program; nil until the event loop has taken it over.
    var way: (any ProgramWay)?
    /// What has come for the program before there was a way.
    var undelivered: [Arrival] = []
    /// How the connection has ended; what is undelivered still goes out.
    var end: IrDAEndReason?
    /// What the program has written and the peer has given no credit for yet: part of a stream, or one message.
    var unsent: ArraySlice<UInt8> = []
    /// How much of what the stack has taken did not reach the peer before the connection ended.
    var dropped = 0
    /// Whether a read is under way; one at a time keeps `unsent` short.
    var isReading = false
    /// Whether the program has closed its end; the connection ends when `unsent` is gone.
    var hasLeft = false
    /// Bytes from the peer, and from the program.
    var received: UInt64 = 0
    var sent: UInt64 = 0

    var kind: IrDASocketKind { endpoint?.kind ?? .stream }
}

/// Something that has come for a program.
struct Arrival: Sendable {
    let bytes: [UInt8]
    /// Whether the peer waits for it to be out of the way.
    let isCredited: Bool
}

// The bytes between connections and the programs at their ends.
extension StationHost {
    /// Joins the station's end of a pair to a connection.
    func join(_ connection: HostedConnection, to end: FileDescriptor, endpoint: StationEndpoint?) {
        programs[connection] = ProgramEnd(endpoint: endpoint)
        guard endpoint.map({ $0.kind == .stream }) ?? true else {
            joined(
                connection,
                Result { try messageWay(end) { host, message in host.programSent(message, on: connection) } })
            return
        }
        let joined = ClientBootstrap(group: loop)
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
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
            self.assumeIsolated {
                $0.joined(connection, result.map { StreamWay(channel: $0, descriptor: end.rawValue) })
            }
        }
    }

    /// Makes a way for messages.
    func messageWay(
        _ end: FileDescriptor, _ handler: @escaping @Sendable (isolated StationHost, [UInt8]?) -> Void
    ) throws(SocketError) -> MessageWay {
        try MessageWay(OwnedDescriptor(end), watcher: try descriptorWatcher(), loop: loop) { message in
            self.assumeIsolated { handler($0, message) }
        }
    }

    private func joined(_ connection: HostedConnection, _ result: Result<some ProgramWay, any Error>) {
        switch result {
        case .success(let way):
            guard let early = programs[connection]?.undelivered else {
                way.abandon()
                return
            }
            programs[connection]?.way = way
            programs[connection]?.undelivered = []
            for arrival in early { received(arrival, on: connection) }
            sendMore(connection)
            closeIfEnded(connection)
        case .failure(let error):
            let endpoint = programs.removeValue(forKey: connection)?.endpoint
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
            endpoint?.broke(
                SocketError(
                    .WSAENOBUFS, operation: "use the connection",
                    reason: "the station cannot reach its program: \(error)"))
            endpoint?.peerLeft(by: self)
        }
        tick()
    }

    /// As much as a peer usually gives credit for.
    private static let readSize = 32_768

    func received(_ arrival: Arrival, on connection: HostedConnection) {
        guard let way = programs[connection]?.way else {
            programs[connection]?.undelivered.append(arrival)
            return
        }
        programs[connection]?.received += UInt64(arrival.bytes.count)
        way.deliver(arrival) {
            // Credit is given as the program reads: a write completes when its socket has room.
            guard arrival.isCredited else { return }
            self.assumeIsolated { host in
                guard !host.isClosed else { return }
                host.medium.tell(connection.station) {
                    $0.consumed(segments: 1, on: connection.connection, at: $1)
                }
                host.tick()
            }
        }
    }

    /// The program has written something, or left (nil).
    func programSent(_ bytes: [UInt8]?, on connection: HostedConnection) {
        guard !isClosed, programs[connection] != nil else { return }
        if let bytes {
            programs[connection]?.unsent += bytes
            programs[connection]?.isReading = false
            programs[connection]?.sent += UInt64(bytes.count)
        } else {
            programs[connection]?.hasLeft = true
        }
        catchUp()
        sendMore(connection)
        tick()
        if bytes == nil { giveUpWhatIsStuck(connection) }
    }

    /// Ends the connection of a program that has left when its peer takes nothing of what is still to be sent: nobody else could, and
    /// nobody could use the link.
    private func giveUpWhatIsStuck(_ connection: HostedConnection) {
        guard let left = programs[connection]?.unsent.count else { return }
        _ = clock.schedule(at: clock.now + TimeAmount(IrDAStack.drainTime)) {
            self.assumeIsolated { host in
                guard !host.isClosed, let now = host.programs[connection]?.unsent.count else { return }
                if now < left { return host.giveUpWhatIsStuck(connection) }
                host.catchUp()
                host.programLeft(connection)
                host.tick()
            }
        }
    }

    /// Sends what there is credit for, then asks the program for more.
    func sendMore(_ connection: HostedConnection) {
        guard var program = programs[connection], let way = program.way else { return }
        let hasRoom = send(&program.unsent, of: program.kind, on: connection)
        let mayRead = program.unsent.isEmpty && hasRoom && !program.isReading && !program.hasLeft
        if mayRead { program.isReading = true }
        programs[connection] = program
        if mayRead { way.requestRead() }
        if program.hasLeft && program.unsent.isEmpty { programLeft(connection) }
    }

    /// Hands a connection as much as it takes.
    ///
    /// - Returns: whether it would take more.
    private func send(
        _ unsent: inout ArraySlice<UInt8>, of kind: IrDASocketKind, on connection: HostedConnection
    ) -> Bool {
        let bytes = unsent
        switch kind {
        case .stream, .ultra:
            let taken = medium.with(connection.station) { $0.send(bytes, on: connection.connection, at: $1) }
            unsent = bytes.dropFirst(taken)
            return medium.stack(of: connection.station).sendRoom(connection.connection) > 0
        case .messages:
            return sendWhole(&unsent, on: connection) { stack, bytes, now throws(IrDASendError) in
                try stack.sendMessage(bytes, on: connection.connection, at: now)
            }
        case .unitData:
            return sendWhole(&unsent, on: connection) { stack, bytes, now throws(IrDASendError) in
                try stack.sendUnitData(Array(bytes), on: connection.connection, at: now)
            }
        }
    }

    private func sendWhole(
        _ unsent: inout ArraySlice<UInt8>, on connection: HostedConnection,
        _ call: (inout IrDAStack, ArraySlice<UInt8>, IrDAInstant) throws(IrDASendError) -> [IrDAStackAction]
    ) -> Bool {
        while !unsent.isEmpty {
            let bytes = unsent
            let outcome: Result<Void, IrDASendError> = medium.with(connection.station) { stack, now in
                do throws(IrDASendError) {
                    return (.success(()), try call(&stack, bytes, now))
                } catch {
                    return (.failure(error), [])
                }
            }
            switch outcome {
            case .success, .failure(.empty), .failure(.notConnected), .failure(.noSuchProtocol): unsent = []
            // As Linux does: what is too long is cut (facts, send).
            case .failure(.tooLong(let limit)): unsent = bytes.prefix(limit)
            case .failure(.noRoom), .failure(.linkInUse):
                tryAgain(connection)
                return false
            }
        }
        return true
    }

    /// Unit data has no credit, and so no event that says when there is room.
    private func tryAgain(_ connection: HostedConnection) {
        guard programs[connection]?.kind == .unitData else { return }
        loop.scheduleTask(in: Self.retryTime) {
            self.assumeIsolated { host in
                guard !host.isClosed else { return }
                host.catchUp()
                host.sendMore(connection)
                host.tick()
            }
        }
    }

    private static let retryTime = TimeAmount.milliseconds(10)

    /// The program has closed its end, and all that it wrote before has gone.
    private func programLeft(_ connection: HostedConnection) {
        guard let program = programs.removeValue(forKey: connection) else { return }
        medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
        program.way?.abandon()
        program.endpoint?.programLeft(by: self)
    }
}
