import Glibc
import IrDABackend
import IrDAProtocol
import protocol NIOCore.EventLoop
import SocketBackends
import Synchronization
import SystemPackage

/// A program's socket on a station: the program's end of the pair, and what the station has said.
///
/// The program is in this process and uses the descriptor that the endpoint holds, or in another one, which the service has given the
/// descriptor to.
final class StationEndpoint: IrDAEndpoint {
    private struct State: ~Copyable {
        /// The station's end, as long as no connection has it.
        var stationEnd: StationEnd?
        var outcome: Result<Void, SocketError>?
        var failure: SocketError?
        /// Connections that wait to be accepted.
        var waiting: [Waiting] = []
        var backlog = 0
        /// What the socket has put into the information base.
        var attributes: [OwnedAttribute] = []
        /// Whether the descriptor is another process's.
        var isGivenAway = false
        var isClosed = false
    }

    private struct Waiting: Sendable {
        let endpoint: StationEndpoint
        let device: IrDADeviceID
    }

    let descriptor: SharedDescriptor
    let station: StationHandle
    private let host: StationHost
    private let state: Mutex<State>

    /// Makes a fresh socket.
    init(host: StationHost, station: StationHandle) throws(SocketError) {
        let pair = try ProgramPair.stuffed()
        self.host = host
        self.station = station
        descriptor = SharedDescriptor(pair.program)
        state = Mutex(State(stationEnd: pair.station))
    }

    /// Makes a socket that is connected already, for the program to accept.
    private init(host: StationHost, station: StationHandle, program: consuming OwnedDescriptor) {
        self.host = host
        self.station = station
        descriptor = SharedDescriptor(program)
        state = Mutex(State(stationEnd: nil, outcome: .success(())))
    }

    var localDevice: IrDADeviceID { station.device }

    // MARK: The program's side

    func connect(to device: IrDADeviceID, service: IrDAServiceName, exclusively: Bool) throws(SocketError) {
        let operation = "connect to \(IrDAAddress(device: device, service: service))"
        if connectOutcome != nil {
            // After a failure the old pair is dead; a new one takes its place under the same number.
            try descriptor.replace(with: try renewPair(), for: operation)
        }
        try host.onLoop(for: operation) { host -> Result<Void, SocketError> in
            if let obstacle = host.obstacle(for: operation) { return .failure(obstacle) }
            host.connect(
                self, to: IrDATarget(service), at: DeviceAddress(rawValue: device.rawValue),
                exclusively: exclusively, operation: operation)
            return .success(())
        }
    }

    var connectOutcome: Result<Void, SocketError>? { state.withLock { $0.outcome } }

    var failure: SocketError? { state.withLock { $0.failure } }

    func bind(to service: IrDAServiceName) throws(SocketError) -> UInt8 {
        let operation = "bind to \(service)"
        let className: IASName? = if case .name(let name) = service { IASName(name) } else { nil }
        let selector: LSAPSelector? =
            if case .selector(let selector) = service { LSAPSelector(rawValue: selector) } else { nil }
        return try host.onLoop(for: operation) { host in
            Result { () throws(IrDAServiceError) in
                try host.offer(className: className, selector: selector, for: self).rawValue
            }
            .mapError { SocketError($0, operation: operation) }
        }
    }

    func listen(backlog: Int) throws(SocketError) {
        // Winsock's SOMAXCONN means "as many as is reasonable".
        state.withLock { $0.backlog = min(max(backlog, 1), Self.longestBacklog) }
    }

    private static let longestBacklog = 64

    func accept() throws(SocketError) -> (endpoint: any IrDAEndpoint, device: IrDADeviceID)? {
        guard let (endpoint, device) = takeWaiting() else { return nil }
        // The byte that made the listening socket readable goes with it.
        try descriptor.withDescriptor(for: "accept a connection") { descriptor in
            var token: UInt8 = 0
            _ = recv(descriptor.rawValue, &token, 1, 0)
        }
        return (endpoint, device)
    }

    var sendPDULength: Int? {
        get throws(SocketError) {
            try host.onLoop(for: "measure a connection") { host in
                .success(
                    host.connection(of: self).flatMap {
                        host.medium.stack(of: $0.station).segmentSize(of: $0.connection)
                    })
            }
        }
    }

    func setAttribute(_ attribute: String, ofClass className: String, to value: IASAnswer) throws(SocketError) {
        let operation = "set \(attribute) of \(className)"
        let attribute = IASAttribute(name: IASName(attribute), value: IASValue(value))
        try host.onLoop(for: operation) { host in
            Result { () throws(IASError) in
                self.own(
                    attribute.name, of: try host.setAttribute(attribute, of: IASName(className), on: self.station.id))
            }
            .mapError { SocketError(.WSAEINVAL, operation: operation, reason: "\($0)") }
        }
    }

    func close() {
        descriptor.close()
        host.loop.execute { self.host.assumeIsolated { self.release(by: $0) } }
    }

    // MARK: The station's side

    /// Gives everything back; once.
    func release(by host: isolated StationHost) {
        let rest = state.withLock { state -> (attributes: [OwnedAttribute], waiting: [Waiting])? in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            state.stationEnd = nil
            defer { state.waiting = [] }
            return (state.attributes, state.waiting)
        }
        guard let rest else { return }
        descriptor.close()
        host.release(self, attributes: rest.attributes)
        for waiting in rest.waiting { waiting.endpoint.release(by: host) }
    }

    /// Whether the program has left; what it wrote before may still be on its way.
    var isLeft: Bool { state.withLock { $0.isGivenAway ? $0.isClosed : descriptor.isClosed } }

    /// Makes a new pair in the place of one that is dead after a failed connect.
    ///
    /// - Returns: the program's end.
    func renewPair() throws(SocketError) -> OwnedDescriptor {
        let pair = try ProgramPair.stuffed()
        var station = Optional(pair.station)
        state.withLock { state in
            state.stationEnd = station.take()
            state.outcome = nil
            state.failure = nil
        }
        return pair.program
    }

    /// Notes an attribute that goes with the socket.
    func own(_ name: IASName, of object: UInt16) {
        state.withLock { $0.attributes.append(OwnedAttribute(name: name, object: object)) }
    }

    /// Takes a connection that waits to be accepted; the byte in the listening pair is the taker's affair.
    func takeWaiting() -> (endpoint: StationEndpoint, device: IrDADeviceID)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            let first = state.waiting.removeFirst()
            return (first.endpoint, first.device)
        }
    }

    /// The connect has succeeded.
    ///
    /// - Returns: the station's end, now for data; nil if the program has gone.
    func opened() -> FileDescriptor? {
        guard let end = state.withLock({ $0.stationEnd.take() }) else { return nil }
        // The outcome first: whoever sees the descriptor writable asks for it.
        let isGivenAway = state.withLock { state in
            state.outcome = .success(())
            return state.isGivenAway
        }
        do throws(SocketError) {
            // The client of the service does this for itself, for the descriptor is no longer here.
            if !isGivenAway {
                try descriptor.withDescriptor(for: "open a connection") { program throws(SocketError) in
                    try ProgramPair.restoreSendBuffer(of: program)
                }
            }
            return try end.open()
        } catch {
            return nil  // The program has closed its end.
        }
    }

    /// The connect has failed.
    func failed(_ error: SocketError) {
        let end = state.withLock { state in
            state.outcome = .failure(error)
            return state.stationEnd.take()
        }
        _ = consume end  // Closing it tells the program.
    }

    /// The connection has ended otherwise than by the peer's orderly close.
    func broke(_ error: SocketError) {
        state.withLock { $0.failure = error }
    }

    /// Whether another connection may wait to be accepted.
    var hasRoomForConnection: Bool { state.withLock { !$0.isClosed && $0.waiting.count < $0.backlog } }

    /// A peer has connected to our service.
    ///
    /// - Returns: the socket that the program will accept, and the station's end of it.
    func admit(_ device: IrDADeviceID) throws(SocketError) -> (endpoint: StationEndpoint, station: FileDescriptor) {
        let pair = try ProgramPair.open()
        let end = try pair.station.open()
        let endpoint = StationEndpoint(host: host, station: station, program: pair.program)
        state.withLock { state in
            state.waiting.append(Waiting(endpoint: endpoint, device: device))
            state.stationEnd?.descriptor.withDescriptor { descriptor in
                var token: UInt8 = 0
                // The token cannot fail to fit: there are never more than the backlog. Without it the program would still
                // find the connection the next time it asks.
                _ = send(descriptor.rawValue, &token, 1, Int32(MSG_NOSIGNAL))
            }
        }
        return (endpoint, end)
    }

    // MARK: For the service

    /// Lends the program's end out for the message that takes it to its process, and lets go of it.
    func giveAway(_ body: (FileDescriptor) throws(SocketError) -> Void) throws(SocketError) {
        try descriptor.withDescriptor(for: "hand a socket over", body)
        state.withLock { $0.isGivenAway = true }
        descriptor.close()
    }

    /// The station's end, to be watched for the program's leaving; nil while a connection has it.
    var stationEnd: FileDescriptor? {
        state.withLock { state in state.stationEnd?.descriptor.withDescriptor { $0 } }
    }
}

/// An attribute that goes with the socket that has set it.
struct OwnedAttribute: Hashable, Sendable {
    let name: IASName
    let object: UInt16
}
