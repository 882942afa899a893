import Glibc
import IrDABackend
import IrDAProtocol
import SocketBackends
import Synchronization
import struct SystemPackage.FileDescriptor

/// A program's socket on a station: the program's end of the pair, and what the station has said.
///
/// The program is in this process and uses the descriptor that the endpoint holds, or in another one, which the service has given the
/// descriptor to. The station's side of it is used on the host's loop only.
final class StationEndpoint: Sendable {
    /// How far a socket has come.
    enum Phase: String, Sendable {
        case fresh, bound, listening, connecting, connected, ended
    }

    struct State: ~Copyable {
        var phase: Phase
        var settings = IrDASocketSettings()
        /// The station's end, as long as no connection has it.
        var stationEnd: StationEnd?
        /// Watches the station's end for the program's leaving, where that is in another process.
        var watch: (DescriptorWatcher, DescriptorWatcher.Watch)?
        var outcome: Result<Void, SocketError>?
        var failure: SocketError?
        /// What it is bound to.
        var local = Local()
        var peer: Peer?
        /// Connections that wait to be accepted.
        var waiting: [Waiting] = []
        var backlog = 0
        /// What the socket has put into the information base.
        var attributes: [OwnedAttribute] = []
        /// The hints that it adds to the station's.
        var hints: UInt16 = 0
        /// Whether the descriptor is another process's.
        var isGivenAway = false
        var isClosed = false
        /// Called on the loop when the socket is of no more use to its program.
        var observer: (@Sendable (End) -> Void)?
    }

    /// What a socket is bound to.
    struct Local: Hashable, Sendable {
        var selector: UInt8 = 0
        var className: [UInt8]?
    }

    /// The other end of its connection.
    struct Peer: Hashable, Sendable {
        var device: UInt32
        var target: IrDATarget?
        /// Its LSAP-SEL; zero while it is not known.
        var selector: UInt8 = 0
    }

    /// How a socket came to its end.
    enum End: Hashable, Sendable {
        /// The last descriptor of it is closed, and everything is given back.
        case left
        /// There is no connection any more; the program still has its descriptor.
        case ended
    }

    struct Waiting: Sendable {
        let endpoint: StationEndpoint
        let device: IrDADeviceID
    }

    let kind: IrDASocketKind
    let descriptor: SharedDescriptor
    let station: StationHandle
    let host: StationHost
    let state: Mutex<State>

    /// Makes a fresh socket.
    init(
        host: StationHost, station: StationHandle, kind: IrDASocketKind = .stream
    ) throws(SocketError) {
        let pair = try ProgramPair.stuffed(kind.pairType)
        self.host = host
        self.station = station
        self.kind = kind
        descriptor = SharedDescriptor(pair.program)
        state = Mutex(State(phase: .fresh, stationEnd: pair.station))
    }

    /// Makes a socket that is connected already, for the program to accept.
    private init(accepting program: consuming OwnedDescriptor, from peer: Peer, by listener: StationEndpoint) {
        host = listener.host
        station = listener.station
        kind = listener.kind
        descriptor = SharedDescriptor(program)
        let (local, settings) = listener.state.withLock { ($0.local, $0.settings) }
        state = Mutex(
            State(
                phase: .connected, settings: settings, stationEnd: nil, outcome: .success(()), local: local,
                peer: peer))
    }

    // MARK: Connecting

    /// The attempt has begun.
    func connecting(to peer: Peer) {
        state.withLock { state in
            state.phase = .connecting
            state.peer = peer
            state.outcome = nil
            state.failure = nil
        }
    }

    /// The LSAP-SEL at the other end is known; it stays so when the connection has ended.
    func found(peerSelector: LSAPSelector) {
        state.withLock { $0.peer?.selector = peerSelector.rawValue }
    }

    /// Makes a new pair in the place of one that is dead.
    ///
    /// - Returns: the program's end.
    func renewPair() throws(SocketError) -> OwnedDescriptor {
        let pair = try ProgramPair.stuffed(kind.pairType)
        var station = Optional(pair.station)
        state.withLock { state in
            state.stationEnd = station.take()
            state.outcome = nil
            state.failure = nil
        }
        return pair.program
    }

    /// The connect has succeeded.
    ///
    /// - Returns: the station's end, now for data; nil if the program has gone.
    func opened() -> FileDescriptor? {
        guard let end = takeStationEnd() else { return nil }
        // The outcome first: whoever sees the descriptor writable asks for it.
        let isGivenAway = state.withLock { state in
            // A socket of Ultra is open for data from the beginning, but never connected.
            if kind.isConnectionOriented {
                state.outcome = .success(())
                state.phase = .connected
            }
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
        let end = takeStationEnd()
        state.withLock { state in
            state.outcome = .failure(error)
            state.phase = .ended
            state.peer = nil
        }
        _ = consume end  // Closing it tells the program.
        observe(.ended)
    }

    private func takeStationEnd() -> StationEnd? {
        dropWatch()
        return state.withLock { $0.stationEnd.take() }
    }

    // MARK: The end

    /// The connection has ended otherwise than by the peer's orderly close.
    func broke(_ error: SocketError) {
        state.withLock { $0.failure = error }
    }

    /// There is no connection any more.
    func peerLeft(by host: isolated StationHost) {
        state.withLock { $0.phase = .ended }
        observe(.ended)
    }

    /// The last descriptor of the socket has been closed.
    func programLeft(by host: isolated StationHost) {
        release(by: host)
    }

    /// Gives everything back; once.
    func release(by host: isolated StationHost) {
        dropWatch()
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
        observe(.left)
    }

    private func observe(_ end: End) {
        state.withLock { $0.observer }?(end)
    }

    /// Whether the program has left; what it wrote before may still be on its way.
    var isLeft: Bool { state.withLock { $0.isGivenAway ? $0.isClosed : descriptor.isClosed } }

    // MARK: Taking connections

    /// Whether another connection may wait to be accepted.
    var hasRoomForConnection: Bool { state.withLock { !$0.isClosed && $0.waiting.count < $0.backlog } }

    /// A peer has connected to our service.
    ///
    /// - Returns: the socket that the program will accept, and the station's end of it.
    func admit(_ peer: Peer) throws(SocketError) -> (endpoint: StationEndpoint, station: FileDescriptor) {
        let pair = try ProgramPair.open(kind.pairType)
        let end = try pair.station.open()
        let endpoint = StationEndpoint(accepting: pair.program, from: peer, by: self)
        state.withLock { state in
            state.waiting.append(Waiting(endpoint: endpoint, device: IrDADeviceID(rawValue: peer.device)))
            state.stationEnd?.descriptor.withDescriptor { descriptor in
                var token: UInt8 = 0
                // The token cannot fail to fit: there are never more than the backlog. Without it the program would still
                // find the connection the next time it asks.
                _ = send(descriptor.rawValue, &token, 1, Int32(MSG_NOSIGNAL))
            }
        }
        return (endpoint, end)
    }

    /// Takes a connection that waits to be accepted; the byte in the listening pair is the taker's affair.
    func takeWaiting() -> (endpoint: StationEndpoint, device: IrDADeviceID)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            let first = state.waiting.removeFirst()
            return (first.endpoint, first.device)
        }
    }

    // MARK: For the service

    /// Lends the program's end out for the message that takes it to its process, and lets go of it.
    func giveAway(_ body: (FileDescriptor) throws(SocketError) -> Void) throws(SocketError) {
        try descriptor.withDescriptor(for: "hand a socket over", body)
        state.withLock { $0.isGivenAway = true }
        descriptor.close()
    }

    /// Notices when the last descriptor of a socket is closed that has no connection yet.
    func watchProgram(with watcher: DescriptorWatcher) throws(SocketError) {
        guard let end = state.withLock({ state in state.stationEnd?.descriptor.withDescriptor { $0 } }) else { return }
        let watch = try watcher.watch(end, for: []) { [weak self] _ in
            guard let self else { return }
            host.assumeIsolated { self.programLeft(by: $0) }
        }
        state.withLock { $0.watch = (watcher, watch) }
    }

    private func dropWatch() {
        state.withLock { state in
            guard let (watcher, watch) = state.watch.take() else { return }
            state.stationEnd?.descriptor.withDescriptor { watcher.drop(watch, of: $0) }
        }
    }
}

/// An attribute that goes with the socket that has set it.
struct OwnedAttribute: Hashable, Sendable {
    let className: IASName
    let name: IASName
    let object: UInt16
}

extension IrDASocketKind {
    /// What the pair behind a socket is like: messages need their bounds.
    var pairType: SocketType {
        switch self {
        case .stream: .stream
        case .messages, .unitData, .ultra: .sequencedPacket
        }
    }
}
