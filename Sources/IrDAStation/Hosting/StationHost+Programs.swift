import IrDABackend
import IrDAProtocol
import IrDASimulation
import NIOCore
import NIOPosix
import SocketBackends
import struct SystemPackage.FileDescriptor

// What happens to the connections of programs.
extension StationHost {
    /// Tells programs what has happened, in its order: what happens while somebody is being told waits for its turn.
    ///
    /// - Returns: whether there was something.
    @discardableResult
    func deliverEvents() -> Bool {
        guard !isDelivering else { return false }
        isDelivering = true
        defer { isDelivering = false }
        var any = false
        while case let events = medium.takeEvents(), !events.isEmpty {
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
            let outcome: Result<[DiscoveryRecord], SocketError> =
                switch report {
                case .found(let records), .remembered(let records): .success(records)
                case .mediaBusy:
                    .failure(SocketError(.link(.mediaBusy), operation: "discover infrared devices"))
                }
            for handler in discoveries.removeValue(forKey: station) ?? [] { handler(self, outcome) }
        case .queryEnded(let id, let outcome):
            guard let handler = queries.removeValue(forKey: HostedQuery(station: station, query: id)) else { break }
            switch outcome {
            case .answered(let result): handler(self, .success(result))
            case .replied:  // not to what was asked
                handler(self, .failure(SocketError(.protocolViolation, operation: "ask an information base")))
            case .failed(let reason):
                handler(self, .failure(SocketError(reason, operation: "ask an information base")))
            }
        case .connected(let connection):
            connected(hosted(connection))
        case .incoming(let connection, let service, let peer):
            incoming(hosted(connection), to: HostedService(station: station, service: service), from: peer)
        case .received(let connection, let bytes), .receivedTruncated(let connection, let bytes):
            received(Arrival(bytes: bytes, isCredited: true), on: hosted(connection))
        case .unitData(let connection, let bytes):
            // In a stream it would stand anywhere.
            guard programs[hosted(connection)]?.kind == .unitData else { break }
            received(Arrival(bytes: bytes, isCredited: false), on: hosted(connection))
        case .ultra(let protocolID, let bytes):
            ultraReceived(bytes, protocolID: protocolID, on: station)
        case .sendRoom(let connection), .unlocked(let connection):
            sendMore(hosted(connection))
        case .dropped(let connection, let bytes):
            programs[hosted(connection)]?.dropped = bytes
        case .ended(let connection, let reason):
            ended(hosted(connection), reason)
        case .linkDisconnected:
            for handler in linkWaits.removeValue(forKey: station) ?? [] { handler(self) }
        case .deviceWaitEnded(let id, let record):
            deviceWaits.removeValue(forKey: HostedDeviceWait(station: station, wait: id))?(self, record)
        case .discovered, .addressChanged, .locked, .closed, .linkConnected, .linkStalled, .linkRecovered:
            break
        }
    }

    private func connected(_ connection: HostedConnection) {
        guard let opening = opening.removeValue(forKey: connection) else { return }
        guard suits(opening.endpoint, connection) else {
            opening.endpoint.failed(.noMessages(opening.operation))
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
            return
        }
        if let selector = info(of: connection)?.peerSelector { opening.endpoint.found(peerSelector: selector) }
        guard let end = opening.endpoint.opened() else {
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
            return
        }
        join(connection, to: end, endpoint: opening.endpoint)
    }

    private func incoming(_ connection: HostedConnection, to service: HostedService, from peer: DeviceAddress) {
        if case .program(let command) = medium.behaviour(of: service.service, on: service.station) {
            run(command, on: connection)
            return
        }
        guard let listener = listeners[service], listener.hasRoomForConnection, suits(listener, connection),
            let (endpoint, end) = try? listener.admit(
                StationEndpoint.Peer(
                    device: peer.rawValue, selector: info(of: connection)?.peerSelector.rawValue ?? 0))
        else {
            // As with a full backlog everywhere, the peer is refused.
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
            return
        }
        accept(connection, with: end, endpoint: endpoint)
    }

    /// Whether the peer's end is of our socket's kind: who announces that it puts messages together wants to hear the same (facts on
    /// Linux, socket types: SAR must match). A stream needs nothing, and neither do messages of one segment.
    private func suits(_ endpoint: StationEndpoint, _ connection: HostedConnection) -> Bool {
        switch endpoint.transport {
        case .messages(maximumSize: .some): info(of: connection)?.peerReassembles ?? true
        case .messages(maximumSize: nil), .stream, .cooked, .raw: true
        }
    }

    /// What a connection is like; nil unless it is open, or offered to us.
    func info(of connection: HostedConnection) -> IrDAConnectionInfo? {
        medium.stack(of: connection.station).info(of: connection.connection)
    }

    /// Lets a peer in and gives it a program to talk to.
    func accept(_ connection: HostedConnection, with end: FileDescriptor, endpoint: StationEndpoint?) {
        medium.tell(connection.station) { $0.accept(connection.connection, at: $1) }
        join(connection, to: end, endpoint: endpoint)
    }

    private func ended(_ connection: HostedConnection, _ reason: IrDAEndReason) {
        if let opening = opening.removeValue(forKey: connection) {
            opening.endpoint.failed(SocketError(reason, operation: opening.operation))
        }
        programs[connection]?.end = reason
        closeIfEnded(connection)
    }

    /// Closes the way to a program whose connection has ended once what was delivered before is written, and notes what the program
    /// is to hear behind it.
    func closeIfEnded(_ connection: HostedConnection) {
        guard let program = programs[connection], let reason = program.end, let way = program.way else { return }
        programs[connection] = nil
        let lost = program.unsent.count + program.dropped + way.stopListening()
        let operation = "use the connection"
        if !reason.isOrderly {
            var error = SocketError(reason, operation: operation)
            error.code = .WSAECONNRESET
            program.endpoint?.broke(error)
        } else if lost > 0, program.kind != .unitData {
            // As TCP does for a peer that closes with data unread.
            program.endpoint?.broke(
                SocketError(
                    .WSAECONNRESET, errno: .connectionReset, operation: operation,
                    reason: "the other device ended the connection before it had the last \(lost) bytes",
                    advice: "Send them again over a new connection."))
        }
        way.close()
        program.endpoint?.peerLeft(by: self)
    }
}
