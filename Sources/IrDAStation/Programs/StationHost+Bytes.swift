import IrDAProtocol
import IrDASimulation
import NIOCore
import NIOPosix
import struct SystemPackage.FileDescriptor

/// A program at the end of a connection.
struct ProgramEnd: Sendable {
    /// Nil for the programs of `exec:` services.
    let endpoint: StationEndpoint?
    /// The way to the program; nil until the event loop has taken it over.
    var channel: (any Channel)?
    /// What has come for the program before there was a way.
    var undelivered: [[UInt8]] = []
    /// Whether the connection has ended; what is undelivered still goes out.
    var peerHasLeft = false
    /// What the program has written and the peer has given no credit for yet.
    var unsent: ArraySlice<UInt8> = []
    /// Whether a read is under way; one at a time keeps `unsent` short.
    var isReading = false
    /// Whether the program has closed its end; the connection ends when `unsent` is gone.
    var hasLeft = false
}

// The bytes between connections and the programs at their ends.
extension StationHost {
    /// Joins the station's end of a pair to a connection.
    func join(_ connection: HostedConnection, to end: FileDescriptor, endpoint: StationEndpoint?) {
        programs[connection] = ProgramEnd(endpoint: endpoint)
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
            self.assumeIsolated { $0.joined(connection, result) }
        }
    }

    private func joined(_ connection: HostedConnection, _ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let channel):
            guard let early = programs[connection]?.undelivered else {
                channel.close(promise: nil)
                return
            }
            programs[connection]?.channel = channel
            programs[connection]?.undelivered = []
            for bytes in early { received(bytes, on: connection) }
            sendMore(connection)
            closeIfPeerHasLeft(connection)
        case .failure:
            programs[connection] = nil
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
        }
        tick()
    }

    /// As much as a peer usually gives credit for.
    private static let readSize = 32_768

    func received(_ bytes: [UInt8], on connection: HostedConnection) {
        guard let channel = programs[connection]?.channel else {
            programs[connection]?.undelivered.append(bytes)
            return
        }
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { _ in
            // Credit is given as the program reads: a write completes when its socket has room.
            self.assumeIsolated { host in
                guard !host.isClosed else { return }
                host.medium.tell(connection.station) {
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
    func sendMore(_ connection: HostedConnection) {
        guard var program = programs[connection], let channel = program.channel else { return }
        let unsent = program.unsent
        let taken = medium.with(connection.station) { $0.send(unsent, on: connection.connection, at: $1) }
        program.unsent = unsent.dropFirst(taken)
        let hasRoom = medium.stack(of: connection.station).sendRoom(connection.connection) > 0
        let mayRead = program.unsent.isEmpty && hasRoom && !program.isReading && !program.hasLeft
        if mayRead { program.isReading = true }
        programs[connection] = program
        if mayRead { channel.read() }
        if program.hasLeft && program.unsent.isEmpty {
            programs[connection] = nil
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
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
}
