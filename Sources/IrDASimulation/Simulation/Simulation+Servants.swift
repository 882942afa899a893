import IrDAProtocol

// What built-in services do with the events of their connections.
extension Simulation {
    mutating func happened(_ event: IrDAEvent, on station: StationID) {
        switch event {
        case .incoming(let connection, let service, _):
            guard let behaviour = nodes[station.index].behaviours[service], let servant = Servant(behaviour) else {
                break
            }
            nodes[station.index].servants[connection] = servant
            tell(station) { $0.accept(connection, at: $1) }
            if let limit = nodes[station.index].stack.info(of: connection)?.maximumSendSize {
                nodes[station.index].servants[connection]?.opened(messageLimit: limit)
            }
            serve(connection, on: station)
            return
        case .received(let connection, let bytes), .receivedTruncated(let connection, let bytes):
            guard nodes[station.index].servants[connection] != nil else { break }
            nodes[station.index].servants[connection]?.received(bytes)
            serve(connection, on: station)
            return
        case .sendRoom(let connection), .unlocked(let connection):
            guard nodes[station.index].servants[connection] != nil else { break }
            serve(connection, on: station)
            return
        case .dropped(let connection, _):
            guard nodes[station.index].servants[connection] != nil else { break }
            return
        case .ended(let connection, _):
            guard nodes[station.index].servants.removeValue(forKey: connection) != nil else { break }
            return
        case .discoveryEnded, .discovered, .addressChanged, .deviceWaitEnded, .queryEnded, .connected, .unitData,
            .ultra, .locked, .closed, .linkConnected, .linkStalled, .linkRecovered, .linkDisconnected:
            break
        }
        events.append(StationEvent(station: station, event: event))
    }

    /// Lets a built-in service do all that it can do now.
    private mutating func serve(_ connection: IrDAConnectionID, on station: StationID) {
        while true {
            let room = nodes[station.index].stack.sendRoom(connection)
            switch nodes[station.index].servants[connection]?.next(room: room) {
            case .send(let bytes):
                tell(station) { $0.send(bytes, on: connection, at: $1).actions }
            case .sendMessage(let message):
                // One that does not fit is lost: the limit was told when the connection was opened.
                tell(station) { (try? $0.sendMessage(message, on: connection, at: $1)) ?? [] }
            case .consume(let segments):
                tell(station) { $0.consumed(segments: segments, on: connection, at: $1) }
            case .disconnect:
                nodes[station.index].servants[connection] = nil
                tell(station) { $0.disconnect(connection, at: $1) }
            case .wait, nil:
                return
            }
        }
    }
}
