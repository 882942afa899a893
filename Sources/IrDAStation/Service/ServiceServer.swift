import Glibc
import IrDABackend
import IrDAProtocol
import IrDAService
public import IrDASimulation
import NIOCore
public import SocketBackends
import Synchronization
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor

/// Lets the programs of other processes use a station, through a socket in the file system.
///
/// It runs on the event loop of the host, so that calls into the host are plain calls. A socket of a program lives until the last copy
/// of its descriptor is closed, in whatever process; so a process can die at any moment, and everything comes back.
public actor ServiceServer {
    /// A process that is attached.
    struct Client {
        let descriptor: SharedDescriptor
        let watch: DescriptorWatcher.Watch
        let process: Int32
        let user: uid_t
        var isGreeted = false
        var sockets: Set<ServiceSocketID> = []
        /// The oldest first.
        var ended: [ServiceSocketID] = []
        var tickets: Set<TicketID> = []
    }

    /// A socket of a program.
    struct HostedSocket {
        let endpoint: StationEndpoint
        /// The one that has made, accepted or last connected it.
        var client: ClientID
        let process: Int32
        let user: uid_t
    }

    struct ClientID: Hashable, Sendable {
        let number: UInt64
    }

    nonisolated let host: StationHost
    nonisolated let station: StationHandle
    /// The event loop of the host.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { host.unownedExecutor }
    let mediumName: String
    let access: ServiceAccess
    let limits: ServiceLimits
    let watcher: DescriptorWatcher

    private var file: ServiceSocketFile?
    private var listening: DescriptorWatcher.Watch?
    var clients: [ClientID: Client] = [:]
    var sockets: [ServiceSocketID: HostedSocket] = [:]
    var tickets: [TicketID: Ticket] = [:]
    var lastNumber: UInt64 = 0
    /// Counts since the start.
    var served: UInt64 = 0
    var refused: UInt64 = 0

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - host: who runs the station.
    ///   - station: which.
    ///   - path: where to listen; see `ServiceDirectory`.
    ///   - mediumName: what the station is on, for people.
    ///   - access: who may come.
    ///   - limits: how much there is for them.
    /// - Throws: WSAEADDRINUSE if a service listens there already, WSAEACCES if the directory is another user's.
    public static func start(
        _ host: StationHost, station: StationID, path: String, mediumName: String,
        access: ServiceAccess = ServiceAccess(), limits: ServiceLimits = ServiceLimits()
    ) throws(SocketError) -> ServiceServer {
        let file = try ServiceSocketFile(path: path, access: access)
        let (handle, watcher) = try host.onLoop(for: "start the service") { host in
            Result { () throws(SocketError) in (host.handle(of: station), try host.descriptorWatcher()) }
        }
        let server = ServiceServer(
            host, handle, watcher, file: file, mediumName: mediumName, access: access, limits: limits)
        try server.onLoop { server throws(SocketError) in try server.listen() }
        return server
    }

    private init(
        _ host: StationHost, _ station: StationHandle, _ watcher: DescriptorWatcher, file: consuming ServiceSocketFile,
        mediumName: String, access: ServiceAccess, limits: ServiceLimits
    ) {
        self.host = host
        self.station = station
        self.watcher = watcher
        self.file = consume file
        self.mediumName = mediumName
        self.access = access
        self.limits = limits
    }

    /// Takes no more programs, and ends the sockets of those that are attached.
    ///
    /// What they have written goes out when the host is closed.
    ///
    /// - Throws: WSAENETDOWN if the process is ending already.
    public nonisolated func stop() throws(SocketError) {
        try onLoop { server throws(SocketError) in server.stopNow() }
    }

    private nonisolated func onLoop(
        _ body: @escaping @Sendable (isolated ServiceServer) throws(SocketError) -> Void
    ) throws(SocketError) {
        try host.onLoop(for: "run the service") { _ in
            self.assumeIsolated { server in Result { () throws(SocketError) in try body(server) } }
        }
    }

    // MARK: Clients

    private func listen() throws(SocketError) {
        guard let socket = file?.descriptor.withDescriptor({ $0 }) else { return }
        listening = try watcher.watch(socket, for: .readable) { _ in self.assumeIsolated { $0.acceptClients() } }
    }

    private func acceptClients() {
        guard let socket = file?.descriptor.withDescriptor({ $0 }), let listening else { return }
        for _ in 0..<Self.acceptsATime {
            let number = Glibc.accept(socket.rawValue, nil, nil)
            guard number >= 0 else {
                if errno == EAGAIN || errno == EINTR || errno == ECONNABORTED { break }
                // There is no descriptor left, and whoever waits would be reported again and again.
                host.loop.scheduleTask(in: Self.exhaustionTime) {
                    self.assumeIsolated { $0.acceptClients() }
                }
                return
            }
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            _ = fcntl(number, F_SETFL, O_NONBLOCK)
            attach(OwnedDescriptor(FileDescriptor(rawValue: number)))
        }
        watcher.renew(listening, of: socket, for: .readable)
    }

    private static let acceptsATime = 16
    private static let exhaustionTime = TimeAmount.milliseconds(100)

    private func attach(_ owned: consuming OwnedDescriptor) {
        let descriptor = SharedDescriptor(owned)
        let id = ClientID(number: newNumber())
        do throws(SocketError) {
            try descriptor.withDescriptor(for: "attach a client") { socket throws(SocketError) in
                let peer = try PeerCredentials(of: socket.rawValue)
                guard access.admits(peer) else {
                    throw SocketError(
                        .WSAEACCES, errno: .permissionDenied, operation: "use the station \(name)",
                        reason: "it is user \(geteuid())'s, and you are user \(peer.user)",
                        advice: "Ask for the service to be started with --group.")
                }
                guard clients.count < limits.clients else {
                    throw SocketError(
                        .WSAEPROCLIM, errno: .resourceTemporarilyUnavailable, operation: "use the station \(name)",
                        reason: "\(clients.count) programs use it already", advice: "End some of them.")
                }
                let watch = try watcher.watch(socket, for: .readable) { _ in
                    self.assumeIsolated { $0.readRequests(of: id) }
                }
                clients[id] = Client(
                    descriptor: descriptor, watch: watch, process: peer.process, user: peer.user)
            }
        } catch {
            refused += 1
            // The greeting gets this for its answer; its number is 1.
            try? descriptor.withDescriptor(for: "refuse a client") { socket in
                try? MessageSocket.send(
                    ServiceReply.failed(error).bytes(number: 1), on: socket, flags: Int32(MSG_DONTWAIT))
            }
            descriptor.close()
        }
    }

    private func readRequests(of id: ClientID) {
        // A client that asks faster than it is served does not hold up the others.
        for _ in 0..<Self.requestsATime {
            guard let client = clients[id] else { return }
            do {
                let message = try client.descriptor.withDescriptor(for: "read a request") {
                    socket throws(SocketError) in
                    do throws(Errno) {
                        return try MessageSocket.receive(
                            from: socket, takesDescriptor: false, flags: Int32(MSG_DONTWAIT)
                        ).bytes
                    } catch {
                        throw SocketError(error, operation: "read a request")
                    }
                }
                guard !message.isEmpty else { return detach(id) }
                let (number, request) = try ServiceRequest.read(message)
                served += 1
                answer(request, number: number, client: id)
            } catch let error as SocketError where error.errno == .resourceTemporarilyUnavailable {
                break
            } catch {
                // It has died, or does not speak our language.
                return detach(id)
            }
        }
        guard let client = clients[id] else { return }
        try? client.descriptor.withDescriptor(for: "watch a client") {
            watcher.renew(client.watch, of: $0, for: .readable)
        }
    }

    private static let requestsATime = 16

    /// Sends an answer; a client that does not read its answers is none.
    func reply(_ reply: ServiceReply, passing descriptor: FileDescriptor? = nil, number: UInt32, to id: ClientID) {
        guard let client = clients[id] else { return }
        do {
            try client.descriptor.withDescriptor(for: "answer") { socket throws(SocketError) in
                do throws(Errno) {
                    try MessageSocket.send(
                        reply.bytes(number: number), passing: descriptor, on: socket, flags: Int32(MSG_DONTWAIT))
                } catch {
                    throw SocketError(error, operation: "answer")
                }
            }
        } catch {
            detach(id)
        }
    }

    /// A process has gone. Its sockets go when the last copies of their descriptors do.
    func detach(_ id: ClientID) {
        guard let client = clients.removeValue(forKey: id) else { return }
        try? client.descriptor.withDescriptor(for: "leave a client") { watcher.drop(client.watch, of: $0) }
        client.descriptor.close()
        for ticket in client.tickets { callOff(ticket) }
        for socket in client.ended { release(socket) }
    }

    func newNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// The station's name.
    var name: String { host.assumeIsolated { $0.medium.stack(of: station.id).name } }

    // MARK: The end

    private func stopNow() {
        if let socket = file?.descriptor.withDescriptor({ $0 }), let listening { watcher.drop(listening, of: socket) }
        listening = nil
        file = nil
        for id in Array(clients.keys) { detach(id) }
        for id in Array(tickets.keys) { callOff(id) }
        let endpoints = sockets.values.map(\.endpoint)
        sockets = [:]
        host.assumeIsolated { $0.setKeepsLooking(false, on: station.id) }
        for endpoint in endpoints {
            endpoint.state.withLock { $0.observer = nil }
            // Those that are connected are ended with the links, by the host; others are told that there is no station any more.
            host.assumeIsolated { host in
                if host.connection(of: endpoint) == nil { endpoint.release(by: host) }
            }
        }
    }
}
