import IrDAProtocol
import IrDAService
import SocketBackends
import Synchronization

// How the station stands.
extension ServiceServer {
    var status: ServiceStatus {
        let station = station.id
        let (stack, trouble, portCounters) = onHost { host in
            (host.medium.stack(of: station), host.trouble?.reason ?? "", host.medium.frameCounters(of: station))
        }
        let link = stack.linkStatus.map { status in
            ServiceStatus.Link(
                peer: status.peer.rawValue, role: "\(status.role)", rate: status.parameters.baudRate.rawValue,
                dataSize: UInt16(clamping: status.parameters.transmit.dataSize),
                window: UInt8(clamping: status.parameters.transmit.windowSize))
        }
        return ServiceStatus(
            identity: identity, trouble: trouble, link: link, devices: knownDevices,
            sockets: sockets.sorted { $0.key.rawValue < $1.key.rawValue }.map { status(of: $0.value, $0.key) },
            clients: UInt32(clamping: clients.count),
            counters: (portCounters + counters(of: stack)).map {
                ServiceStatus.Counter(name: $0.name, value: $0.value)
            })
    }

    private func status(of socket: HostedSocket, _ id: ServiceSocketID) -> ServiceStatus.Socket {
        let endpoint = socket.endpoint
        let program = onHost { host in host.connection(of: endpoint).flatMap { host.programs[$0] } }
        return ServiceStatus.Socket(
            id: id, process: socket.process, kind: ServiceSocketKind(endpoint.kind),
            state: endpoint.state.withLock { $0.phase }.rawValue, names: names(of: endpoint),
            received: program?.received ?? 0, sent: program?.sent ?? 0)
    }

    private func counters(of stack: IrDAStack) -> [(name: String, value: UInt64)] {
        let counters = stack.counters
        let counts: [(String, Int)] = [
            ("discoveries", counters.discoveries), ("introductions heard", counters.passiveDiscoveries),
            ("links", counters.links), ("links lost", counters.linksLost),
            ("connects attempted", counters.connectsAttempted), ("connects failed", counters.connectsFailed),
            ("connections opened", counters.connectionsOpened), ("data PDUs sent", counters.dataSent),
            ("data PDUs received", counters.dataReceived), ("unit data sent", counters.unitDataSent),
            ("unit data received", counters.unitDataReceived), ("queries asked", counters.queriesAsked),
            ("queries served", counters.queriesServed), ("protocol errors", counters.protocolErrors),
        ]
        return counts.map { (name: $0.0, value: UInt64(clamping: $0.1)) } + [
            ("requests", served), ("requests refused", refused),
        ]
    }
}
