import IrDABackend
import IrDAProtocol
import IrDASimulation
import SocketBackends
import Synchronization
import struct SystemPackage.Errno

/// A connect that a program waits for.
struct Opening: Sendable {
    let endpoint: StationEndpoint
    let operation: String
}

/// A service of one of the stations that a host runs.
struct HostedService: Hashable, Sendable {
    let station: StationID
    let service: IrDAServiceID
}

/// A query by one of them.
struct HostedQuery: Hashable, Sendable {
    let station: StationID
    let query: IASQueryID
}

typealias DiscoveryHandler = @Sendable (isolated StationHost, Result<[DiscoveryRecord], SocketError>) -> Void
typealias QueryHandler = @Sendable (isolated StationHost, Result<IASResult, SocketError>) -> Void

// What programs want of a station.
extension StationHost {
    /// Looks for devices and tells the handler.
    func discover(on station: StationID, for operation: String, _ handler: @escaping DiscoveryHandler) {
        if let obstacle = obstacle(for: operation) {
            handler(self, .failure(obstacle))
            return
        }
        catchUp()
        discoveries[station, default: []].append(handler)
        medium.tell(station) { $0.discover(at: $1) }
        tick()
    }

    /// Asks an information base and tells the handler.
    func query(
        _ attribute: IASName, of className: IASName, at peer: DeviceAddress, on station: StationID,
        for operation: String, _ handler: @escaping QueryHandler
    ) {
        if let obstacle = obstacle(for: operation) {
            handler(self, .failure(obstacle))
            return
        }
        guard peer.isAssignable else {
            handler(self, .failure(.noDevice(operation)))
            return
        }
        catchUp()
        let id = medium.with(station) { $0.query(attribute, of: className, at: peer, now: $1) }
        queries[HostedQuery(station: station, query: id)] = handler
        tick()
    }

    /// Begins to connect an endpoint; it is told how that ends.
    func connect(
        _ endpoint: StationEndpoint, to target: IrDATarget, at peer: DeviceAddress, exclusively: Bool,
        operation: String
    ) {
        catchUp()
        let station = endpoint.station.id
        let transport = endpoint.transport
        // A socket that is bound keeps its LSAP-SEL (facts on Linux, connect).
        let own = endpoint.boundSelector
        endpoint.connecting(to: StationEndpoint.Peer(device: peer.rawValue, target: target))
        // The number of the connection is known only when the stack has done all that it can do at once.
        let connection = medium.with(station) {
            $0.connect(to: target, at: peer, from: own, transport: transport, exclusively: exclusively, now: $1)
        }
        opening[HostedConnection(station: station, connection: connection)] = Opening(
            endpoint: endpoint, operation: operation)
        tick()
    }

    /// Binds an endpoint: to a class, or to a selector, or to whatever is free.
    ///
    /// - Returns: the selector.
    func bind(_ endpoint: StationEndpoint, to target: IrDATarget?, operation: String) throws(SocketError) -> UInt8 {
        if endpoint.kind == .ultra { return try bindUltra(endpoint, to: target, operation: operation) }
        var className: IASName?
        var selector: LSAPSelector?
        switch target {
        case .service(let name): className = name
        case .selector(let chosen): selector = chosen
        case nil: break
        }
        let station = endpoint.station.id
        let transport = endpoint.transport
        let offered: Result<(id: IrDAServiceID, selector: LSAPSelector), IrDAServiceError> =
            medium.with(station) { stack, _ in
                (
                    Result { () throws(IrDAServiceError) in
                        try stack.offer(className: className, transport: transport, selector: selector)
                    }, []
                )
            }
        switch offered {
        case .success(let service):
            listeners[HostedService(station: station, service: service.id)] = endpoint
            endpoint.state.withLock { state in
                state.local = StationEndpoint.Local(
                    selector: service.selector.rawValue, className: className?.bytes)
                state.phase = .bound
            }
            return service.selector.rawValue
        case .failure(let error): throw SocketError(error, operation: operation)
        }
    }

    /// How much an endpoint's connection carries at once; nil without one.
    func transferUnits(of endpoint: StationEndpoint) -> IrDATransferUnits? {
        if endpoint.kind == .ultra {
            let size = IrDAStack.longestUltraPayload
            return IrDATransferUnits(pduLength: size, sendMessage: size, receiveMessage: size)
        }
        guard let connection = connection(of: endpoint), let info = info(of: connection) else { return nil }
        return IrDATransferUnits(
            pduLength: info.dataSize, sendMessage: info.maximumSendSize ?? info.dataSize,
            receiveMessage: info.maximumReceiveSize ?? info.dataSize,
            unsent: (programs[connection]?.unsent.count ?? 0) + info.queuedBytes + info.bytesInFrames)
    }

    /// The connection of an endpoint.
    func connection(of endpoint: StationEndpoint) -> HostedConnection? {
        programs.first { $0.value.endpoint === endpoint }?.key
    }

    /// The program has closed a socket. A connection that is open ends by itself when its data has gone.
    func release(_ endpoint: StationEndpoint, attributes: [OwnedAttribute]) {
        let station = endpoint.station.id
        medium.tell(station) { stack, _ in
            for attribute in attributes { _ = stack.removeAttribute(attribute.name, from: attribute.object) }
            return []
        }
        for (key, opening) in opening where opening.endpoint === endpoint {
            self.opening[key] = nil
            medium.tell(key.station) { $0.disconnect(key.connection, at: $1) }
        }
        for (key, listener) in listeners where listener === endpoint {
            listeners[key] = nil
            medium.tell(key.station) { stack, _ in
                stack.withdraw(key.service)
                return []
            }
        }
        if endpoint.kind == .ultra { closeUltra(endpoint) }
        if endpoint.state.withLock({ $0.hints }) != 0 { setHints(0, for: endpoint) }
        if !isClosed { tick() }
    }
}

extension StationEndpoint {
    /// The LSAP-SEL that it is bound to; nil if it is not.
    fileprivate var boundSelector: LSAPSelector? {
        let selector = state.withLock { $0.local.selector }
        return selector == 0 ? nil : LSAPSelector(rawValue: selector)
    }

    /// How its connections carry data.
    var transport: IrDATransport {
        let settings = state.withLock { $0.settings }
        return switch kind {
        case .stream:
            switch settings.layer {
            case .tinyTP: .stream
            case .raw: .raw
            case .nineWire: .cooked
            }
        case .unitData, .ultra: .stream
        case .messages: .messages(maximumSize: settings.maximumMessage == 0 ? nil : settings.maximumMessage)
        }
    }
}

extension SocketError {
    /// The address of a query or connect cannot be a device's.
    static func noDevice(_ operation: String) -> SocketError {
        SocketError(
            .WSAEADDRNOTAVAIL, errno: .invalidArgument, operation: operation,
            reason: "this is not the address of a device", advice: "Discover devices first.")
    }
}

extension SocketError {
    /// The service at the other end carries a stream.
    static func noMessages(_ operation: String) -> SocketError {
        SocketError(
            .WSAECONNREFUSED, errno: .connectionReset, operation: operation,
            reason: "the service carries a stream of bytes, and the socket messages",
            advice: "Use a stream socket (SOCK_STREAM).")
    }
}

extension IrDATarget {
    init(_ service: IrDAServiceName) {
        self =
            switch service {
            case .name(let name): .service(IASName(name))
            case .selector(let selector): .selector(LSAPSelector(rawValue: selector))
            case .unspecified: .service("")
            }
    }
}
