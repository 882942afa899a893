import Glibc
import IrDABackend
import IrDAProtocol
import IrDAService
import SocketBackends
import Synchronization
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor

// The sockets of programs.
extension ServiceServer {
    /// The socket that a request names.
    ///
    /// - Throws: WSAENOTSOCK if there is none, or it is another user's.
    func endpoint(_ id: ServiceSocketID, _ client: ClientID) throws(SocketError) -> StationEndpoint {
        // Any process of the user may name it: a child has inherited it, or a descriptor was handed over.
        guard let socket = sockets[id], let user = clients[client]?.user, user == socket.user || user == 0 else {
            throw SocketError(
                .WSAENOTSOCK, errno: .notSocket, operation: "use a socket", reason: "the service has no such socket",
                advice: "It was closed, or the service has been restarted; make a new one.")
        }
        return socket.endpoint
    }

    // MARK: Making

    func open(_ kind: ServiceSocketKind, number: UInt32, client: ClientID) throws(SocketError) {
        try checkRoom(for: client, operation: "make a socket of irda")
        let endpoint = try StationEndpoint(host: host, station: station, kind: IrDASocketKind(kind))
        if kind == .ultra { try tryOnHost { host throws(SocketError) in try host.openUltra(endpoint) } }
        let id = register(endpoint, client)
        do throws(SocketError) {
            // Last the answer: there is only one.
            try endpoint.watchProgram(with: watcher)
            try handOver(endpoint) { reply(.opened(id), passing: $0, number: number, to: client) }
        } catch {
            release(id)
            throw error
        }
    }

    private func checkRoom(for client: ClientID, operation: String) throws(SocketError) {
        guard clients[client]?.sockets.count ?? 0 < limits.socketsPerClient else {
            throw SocketError(
                .WSAEMFILE, errno: .tooManyOpenFiles, operation: operation,
                reason: "the program has \(limits.socketsPerClient) sockets already", advice: "Close some of them.")
        }
    }

    private func register(_ endpoint: StationEndpoint, _ client: ClientID) -> ServiceSocketID {
        let id = ServiceSocketID(rawValue: newNumber())
        // While there are programs with sockets the station looks for devices by itself.
        if sockets.isEmpty { onHost { $0.setKeepsLooking(true, on: station.id) } }
        sockets[id] = HostedSocket(
            endpoint: endpoint, client: client, process: clients[client]?.process ?? 0, user: clients[client]?.user ?? 0
        )
        clients[client]?.sockets.insert(id)
        endpoint.state.withLock { state in
            state.observer = { end in self.assumeIsolated { $0.happened(end, to: id) } }
        }
        return id
    }

    /// Sends a program its descriptor, which blocks as a fresh socket does.
    private func handOver(
        _ endpoint: StationEndpoint, _ send: (FileDescriptor) -> Void
    ) throws(SocketError) {
        try endpoint.giveAway { descriptor throws(SocketError) in
            try Self.makeBlocking(descriptor)
            send(descriptor)
        }
    }

    private static func makeBlocking(_ descriptor: FileDescriptor) throws(SocketError) {
        try systemCall(for: "hand a socket over") { fcntl(descriptor.rawValue, F_SETFL, 0) }
    }

    private func happened(_ end: StationEndpoint.End, to id: ServiceSocketID) {
        switch end {
        case .left: forget(id)
        case .ended:
            // The program may still ask how it ended, for a while.
            guard let owner = sockets[id]?.client else { return }
            guard clients[owner] != nil else { return release(id) }
            clients[owner]?.sockets.remove(id)
            clients[owner]?.ended.append(id)
            guard let oldest = clients[owner]?.ended.first,
                clients[owner]?.ended.count ?? 0 > limits.endedPerClient
            else { return }
            release(oldest)
        }
    }

    func release(_ id: ServiceSocketID) {
        guard let endpoint = sockets[id]?.endpoint else { return }
        forget(id)
        onHost { endpoint.release(by: $0) }
    }

    func forget(_ id: ServiceSocketID) {
        guard let socket = sockets.removeValue(forKey: id) else { return }
        if sockets.isEmpty { onHost { $0.setKeepsLooking(false, on: station.id) } }
        socket.endpoint.state.withLock { $0.observer = nil }
        clients[socket.client]?.sockets.remove(id)
        clients[socket.client]?.ended.removeAll { $0 == id }
    }

    // MARK: Taking connections

    func bind(_ endpoint: StationEndpoint, to target: ServiceTarget) throws(SocketError) -> UInt8 {
        let operation = "bind a socket of irda"
        guard endpoint.state.withLock({ $0.phase }) == .fresh else {
            throw SocketError(
                .WSAEINVAL, errno: .resourceBusy, operation: operation,
                reason: "the socket has a local address already", advice: "Use a fresh socket.")
        }
        let wanted: IrDATarget? =
            switch target {
            case .name(let name): .service(IASName(bytes: name))
            case .selector(let selector): .selector(LSAPSelector(rawValue: selector))
            case .unspecified: nil
            }
        if case .selector(let selector) = wanted { reclaim(selector, for: endpoint) }
        return try tryOnHost { host throws(SocketError) in
            try host.bind(endpoint, to: wanted, operation: operation)
        }
    }

    /// Takes an LSAP-SEL from sockets of the same program whose connections have ended: that a program has closed such a socket nobody
    /// hears.
    private func reclaim(_ selector: LSAPSelector, for endpoint: StationEndpoint) {
        guard let owner = sockets.values.first(where: { $0.endpoint === endpoint })?.client else { return }
        for id in clients[owner]?.ended ?? [] {
            let local = sockets[id]?.endpoint.state.withLock { $0.local }
            if local?.selector == selector.rawValue { release(id) }
        }
    }

    func listen(_ endpoint: StationEndpoint, backlog: Int) throws(SocketError) {
        let phase = endpoint.state.withLock { $0.phase }
        guard endpoint.kind != .ultra, phase == .fresh || phase == .bound || phase == .listening else {
            throw SocketError(
                .WSAEOPNOTSUPP, errno: .notSupportedOnSocket, operation: "listen",
                reason: endpoint.kind == .ultra ? "Ultra has no connections" : "the socket is \(phase.rawValue)",
                advice: "Use a fresh socket.")
        }
        if phase == .fresh { _ = try bind(endpoint, to: .unspecified) }
        try endpoint.listen(backlog: backlog)
    }

    func accept(_ endpoint: StationEndpoint, number: UInt32, client: ClientID) throws(SocketError) {
        let operation = "accept a connection"
        guard endpoint.state.withLock({ $0.phase }) == .listening else {
            throw SocketError(
                .WSAEINVAL, errno: .invalidArgument, operation: operation, reason: "the socket does not listen")
        }
        try checkRoom(for: client, operation: operation)
        guard let (accepted, device) = endpoint.takeWaiting() else {
            throw SocketError(
                .WSAEWOULDBLOCK, errno: .resourceTemporarilyUnavailable, operation: operation, reason: "none is waiting"
            )
        }
        let id = register(accepted, client)
        let peer =
            names(of: accepted).peer ?? ServiceSocketNames.End(device: device.rawValue, target: .unspecified)
        try handOver(accepted) { reply(.accepted(id, peer: peer), passing: $0, number: number, to: client) }
        // The peer may have left while it waited; of that nobody will tell us again.
        if accepted.state.withLock({ $0.phase }) == .ended { happened(.ended, to: id) }
    }

    // MARK: Connecting

    func connect(
        _ id: ServiceSocketID, _ endpoint: StationEndpoint, to device: UInt32, _ target: ServiceTarget,
        exclusively: Bool, number: UInt32, client: ClientID
    ) throws(SocketError) {
        let operation = "connect a socket of irda"
        try checkMayConnect(endpoint, operation: operation)
        if let obstacle = onHost({ $0.obstacle(for: operation) }) { throw obstacle }
        let wanted: IrDATarget =
            switch target {
            case .name(let name): .service(IASName(bytes: name))
            case .selector(let selector): .selector(LSAPSelector(rawValue: selector))
            case .unspecified:
                throw SocketError(
                    .WSAEFAULT, errno: .addressNotAvailable, operation: operation,
                    reason: "the address names no service")
            }
        if case .service(let name) = wanted, name.bytes.count > IASName.maximumLength {
            throw SocketError(
                .WSAEINVAL, errno: .invalidArgument, operation: operation,
                reason: "the name of a service has at most \(IASName.maximumLength) bytes")
        }
        let isAny = device == 0 || device == UInt32.max
        if !isAny && !DeviceAddress(rawValue: device).isAssignable { throw .noDevice(operation) }
        let search = isAny ? try ServiceSearch(wanted, on: station, of: host, operation: operation) : nil

        if endpoint.state.withLock({ $0.phase }) == .ended {
            let replacement = try endpoint.renewPair()
            try replacement.withDescriptor { descriptor throws(SocketError) in
                try Self.makeBlocking(descriptor)
                reply(.done, passing: descriptor, number: number, to: client)
            }
            _ = consume replacement
            if let old = sockets[id]?.client { clients[old]?.ended.removeAll { $0 == id } }
            sockets[id]?.client = client
            clients[client]?.sockets.insert(id)
            try endpoint.watchProgram(with: watcher)
        } else {
            reply(.done, number: number, to: client)
        }
        onHost { host in
            if let search {
                endpoint.connecting(to: StationEndpoint.Peer(device: 0, target: wanted))
                search.run(for: endpoint, exclusively: exclusively, on: host)
            } else {
                host.connect(
                    endpoint, to: wanted, at: DeviceAddress(rawValue: device), exclusively: exclusively,
                    operation: operation)
            }
        }
    }

    private func checkMayConnect(_ endpoint: StationEndpoint, operation: String) throws(SocketError) {
        if endpoint.kind == .ultra {
            throw SocketError(
                .WSAEOPNOTSUPP, errno: .notSupportedOnSocket, operation: operation, reason: "Ultra has no connections")
        }
        switch endpoint.state.withLock({ $0.phase }) {
        case .fresh, .bound, .ended: return
        case .listening:
            throw SocketError(
                .WSAEINVAL, errno: .invalidArgument, operation: operation, reason: "the socket listens",
                advice: "Use a fresh socket.")
        case .connecting:
            throw SocketError(
                .WSAEALREADY, errno: .alreadyInProcess, operation: operation, reason: "it is connecting already")
        case .connected:
            throw SocketError(
                .WSAEISCONN, errno: .socketIsConnected, operation: operation, reason: "it is connected already")
        }
    }

    func outcome(of endpoint: StationEndpoint) throws(SocketError) -> ServiceConnectOutcome {
        let (phase, outcome) = endpoint.state.withLock { ($0.phase, $0.outcome) }
        switch outcome {
        case .success: return .connected
        case .failure(let error): return .failed(error)
        case nil where phase == .connecting: return .pending
        case nil: throw .notConnected("finish a connect")
        }
    }

    // MARK: Asking

    func names(of endpoint: StationEndpoint) -> ServiceSocketNames {
        let (local, peer) = endpoint.state.withLock { ($0.local, $0.peer) }
        let info = onHost { host in
            host.connection(of: endpoint).flatMap { host.info(of: $0) }
        }
        let localSelector = info?.localSelector.rawValue ?? local.selector
        let localEnd = ServiceSocketNames.End(
            device: station.device.rawValue, target: ServiceTarget(name: local.className, selector: localSelector),
            selector: localSelector)
        let peerEnd = peer.map { peer in
            let selector = info?.peerSelector.rawValue ?? peer.selector
            let name: [UInt8]? = if case .service(let name) = peer.target { name.bytes } else { nil }
            return ServiceSocketNames.End(
                device: peer.device, target: ServiceTarget(name: name, selector: selector), selector: selector)
        }
        return ServiceSocketNames(local: localEnd, peer: peerEnd)
    }

    func transferUnits(of endpoint: StationEndpoint) throws(SocketError) -> ServiceTransferUnits {
        guard let units = onHost({ $0.transferUnits(of: endpoint) }) else {
            throw .notConnected("measure a connection")
        }
        return ServiceTransferUnits(
            pduLength: UInt32(clamping: units.pduLength), maximumSDU: UInt32(clamping: units.sendMessage),
            unsent: UInt32(clamping: units.unsent))
    }

    func setMaximumSDU(_ size: UInt32, of endpoint: StationEndpoint) throws(SocketError) {
        let operation = "set the longest message"
        guard endpoint.kind == .messages else {
            throw SocketError(
                .WSAENOPROTOOPT, errno: .protocolNotAvailable, operation: operation,
                reason: "the socket has no messages")
        }
        // 0 announces nothing: a message is then one PDU (cooked IrCOMM).
        try changeSettings(of: endpoint, operation: operation) { $0.maximumMessage = min(size, 0xFFFF) }
    }

    func setLayer(_ layer: ServiceLayer, of endpoint: StationEndpoint) throws(SocketError) {
        let operation = "choose a layer"
        guard endpoint.kind == .stream else {
            throw SocketError(
                .WSAEOPNOTSUPP, errno: .notSupportedOnSocket, operation: operation,
                reason: "only streams have another layer than TinyTP")
        }
        try changeSettings(of: endpoint, operation: operation) { settings in
            settings.layer =
                switch layer {
                case .tinyTP: .tinyTP
                case .raw: .raw
                }
        }
    }

    private func changeSettings(
        of endpoint: StationEndpoint, operation: String, _ change: (inout IrDASocketSettings) -> Void
    ) throws(SocketError) {
        let (phase, old) = endpoint.state.withLock { ($0.phase, $0.settings) }
        guard phase == .fresh || phase == .ended else {
            throw SocketError(
                .WSAEISCONN, errno: .socketIsConnected, operation: operation, reason: "the socket is \(phase.rawValue)",
                advice: "Do it before bind and connect.")
        }
        var settings = old
        change(&settings)
        let changed = settings
        endpoint.state.withLock { $0.settings = changed }
    }
}

extension ServiceTarget {
    fileprivate init(name: [UInt8]?, selector: UInt8) {
        if let name {
            self = .name(name)
        } else {
            self = selector == 0 ? .unspecified : .selector(selector)
        }
    }
}

extension IrDASocketKind {
    init(_ kind: ServiceSocketKind) {
        switch kind {
        case .stream: self = .stream
        case .sequencedPacket: self = .messages
        case .unitdata: self = .unitData
        case .ultra: self = .ultra
        }
    }
}

extension ServiceSocketKind {
    init(_ kind: IrDASocketKind) {
        switch kind {
        case .stream: self = .stream
        case .messages: self = .sequencedPacket
        case .unitData: self = .unitdata
        case .ultra: self = .ultra
        }
    }
}
