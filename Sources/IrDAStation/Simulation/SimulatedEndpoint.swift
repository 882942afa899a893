import Glibc
import IrDABackend
import IrDAProtocol
import SocketBackends
import Synchronization
import SystemPackage

/// A program's socket on a station of a simulation: the program's end of the pair, and what the station has said.
final class SimulatedEndpoint: IrDAEndpoint {
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
    }

    private struct Waiting: Sendable {
        let endpoint: SimulatedEndpoint
        let device: IrDADeviceID
    }

    let descriptor: SharedDescriptor
    private let host: SimulationHost
    private let station: StationHandle
    private let state: Mutex<State>

    /// Makes a fresh socket.
    init(host: SimulationHost, station: StationHandle) throws(SocketError) {
        let pair = try ProgramPair.stuffed()
        self.host = host
        self.station = station
        descriptor = SharedDescriptor(pair.program)
        state = Mutex(State(stationEnd: pair.station))
    }

    /// Makes a socket that is connected already, for the program to accept.
    private init(host: SimulationHost, station: StationHandle, program: consuming OwnedDescriptor) {
        self.host = host
        self.station = station
        descriptor = SharedDescriptor(program)
        state = Mutex(State(stationEnd: nil, outcome: .success(())))
    }

    var localDevice: IrDADeviceID { station.device }

    // MARK: The program's side

    func connect(to device: IrDADeviceID, service: IrDAServiceName, exclusively: Bool) throws(SocketError) {
        let operation = "connect to \(IrDAAddress(device: device, service: service))"
        if state.withLock({ $0.outcome != nil }) { try renewPair(for: operation) }
        try host.connect(
            self, of: station.id, to: device, service: service, exclusively: exclusively, operation: operation)
    }

    /// After a failure the old pair is dead; a new one takes its place under the same number.
    private func renewPair(for operation: String) throws(SocketError) {
        let pair = try ProgramPair.stuffed()
        try descriptor.replace(with: pair.program, for: operation)
        var station = Optional(pair.station)
        state.withLock { state in
            state.stationEnd = station.take()
            state.outcome = nil
            state.failure = nil
        }
    }

    var connectOutcome: Result<Void, SocketError>? { state.withLock { $0.outcome } }

    var failure: SocketError? { state.withLock { $0.failure } }

    func bind(to service: IrDAServiceName) throws(SocketError) -> UInt8 {
        try host.offer(service, for: self, on: station.id)
    }

    func listen(backlog: Int) throws(SocketError) {
        // Winsock's SOMAXCONN means "as many as is reasonable".
        state.withLock { $0.backlog = min(max(backlog, 1), Self.longestBacklog) }
    }

    private static let longestBacklog = 64

    func accept() throws(SocketError) -> (endpoint: any IrDAEndpoint, device: IrDADeviceID)? {
        guard let waiting = state.withLock({ $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }) else { return nil }
        // The byte that made the listening socket readable goes with it.
        try descriptor.withDescriptor(for: "accept a connection") { descriptor in
            var token: UInt8 = 0
            _ = recv(descriptor.rawValue, &token, 1, 0)
        }
        return (waiting.endpoint, waiting.device)
    }

    var sendPDULength: Int? {
        get throws(SocketError) { try host.sendPDULength(of: self) }
    }

    func setAttribute(_ attribute: String, ofClass className: String, to value: IASAnswer) throws(SocketError) {
        let object = try host.setAttribute(attribute, ofClass: className, to: value, on: station.id)
        state.withLock { $0.attributes.append(OwnedAttribute(name: IASName(attribute), object: object)) }
    }

    func close() {
        descriptor.close()
        host.programClosed(self, of: station.id, attributes: state.withLock { $0.attributes })
        for waiting in state.withLock({ exchange(&$0.waiting, with: []) }) { waiting.endpoint.close() }
    }

    // MARK: The station's side

    /// The connect has succeeded.
    ///
    /// - Returns: the station's end, now for data; nil if the program has gone.
    func opened() -> FileDescriptor? {
        guard let end = state.withLock({ $0.stationEnd.take() }) else { return nil }
        // The outcome first: whoever sees the descriptor writable asks for it.
        state.withLock { $0.outcome = .success(()) }
        do throws(SocketError) {
            try descriptor.withDescriptor(for: "open a connection") { program throws(SocketError) in
                try ProgramPair.restoreSendBuffer(of: program)
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
    var hasRoomForConnection: Bool { state.withLock { $0.waiting.count < $0.backlog } }

    /// A peer has connected to our service.
    ///
    /// - Returns: the socket that the program will accept, and the station's end of it.
    func admit(_ device: IrDADeviceID) throws(SocketError) -> (endpoint: SimulatedEndpoint, station: FileDescriptor) {
        let pair = try ProgramPair.open()
        let end = try pair.station.open()
        let endpoint = SimulatedEndpoint(host: host, station: station, program: pair.program)
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
}

/// An attribute that goes with the socket that has set it.
struct OwnedAttribute: Hashable, Sendable {
    let name: IASName
    let object: UInt16
}

/// Replaces a value and hands out the old one.
private func exchange<Value>(_ place: inout Value, with value: Value) -> Value {
    defer { place = value }
    return place
}
