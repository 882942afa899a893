import Glibc
import SocketBackends
import SystemPackage
import Winsock

/// What a rule works with: a runtime with the subject in it, started up, and people to talk to.
final class KitRoom: Sendable {
    let subject: KitSubject
    let winsock: Winsock
    let kind: CatalogueEntry

    /// How long anything may take, in milliseconds.
    let patience: Int32

    init(_ subject: KitSubject) throws {
        guard let kind = subject.kind else {
            throw KitFailure("the catalogue of \(subject.backend.name) has no \(subject.type) sockets")
        }
        self.subject = subject
        self.kind = kind
        patience = Int32(clamping: subject.patience.components.seconds * 1000)
        winsock = try Winsock(registry: AddressFamilyRegistry([subject.backend]))
        try winsock.startup()
    }

    deinit {
        // Closes every socket that the rule has left.
        try? winsock.cleanup()
    }

    // MARK: - Sockets

    func socket(nonBlocking: Bool = false) throws -> SocketHandle {
        let socket = try winsock.socket(family: subject.backend.family, type: subject.type)
        try winsock.setNonBlocking(socket, nonBlocking)
        // A backend that loses data makes a rule fail, not hang.
        for option in [SocketOption.receiveTimeout, .sendTimeout] {
            try winsock.setOption(option, of: socket, to: OptionValue(UInt32(patience)).bytes)
        }
        return socket
    }

    /// A socket with a local address that others can reach.
    func bound() throws -> SocketHandle {
        guard case .eachOther(let makeAddress) = subject.peer else { throw KitNotApplicable(noPeer) }
        let socket = try socket()
        try winsock.bind(socket, to: makeAddress())
        return socket
    }

    func listener(backlog: Int = 16) throws -> SocketHandle {
        let socket = try bound()
        try winsock.listen(socket, backlog: backlog)
        return socket
    }

    /// Somebody to connect to: their address, and what keeps them there.
    func server() throws -> (address: SocketAddress, listener: SocketHandle?) {
        switch subject.peer {
        case .eachOther:
            let listener = subject.isConnectionOriented ? try self.listener() : try bound()
            return (try winsock.localAddress(of: listener), listener)
        case .echo(let address): return (address, nil)
        case .nobody(let reason): throw KitNotApplicable(reason)
        }
    }

    /// A connection to somebody.
    func connected() throws -> SocketHandle {
        let (socket, address) = (try socket(), try server().address)
        try winsock.connect(socket, to: address)
        return socket
    }

    /// Both ends of a connection.
    func pair() throws -> (client: SocketHandle, server: SocketHandle) {
        let listener = try listener()
        let client = try socket()
        try winsock.connect(client, to: winsock.localAddress(of: listener))
        return (client, try winsock.accept(listener).socket)
    }

    // MARK: - What the subject must tell

    private var noPeer: String {
        switch subject.peer {
        case .eachOther: "its sockets reach each other"
        case .echo: "its sockets do not reach each other"
        case .nobody(let reason): reason
        }
    }

    func refusal() throws -> (address: SocketAddress, code: WSAErrorCode) {
        guard let refusal = subject.refusal else { throw KitNotApplicable("no address is known that refuses") }
        return refusal
    }

    func silent() throws -> SocketAddress {
        guard let silent = subject.silent else { throw KitNotApplicable("no address is known that does not answer") }
        return silent
    }

    func zero() throws -> SocketAddress {
        guard let zero = subject.zero else { throw KitNotApplicable("the family has no zero address") }
        return zero
    }

    /// An address of the family that has the right length.
    func anyAddress() throws -> SocketAddress {
        if let refusal = subject.refusal { return refusal.address }
        if let silent = subject.silent { return silent }
        return try server().address
    }

    // MARK: - Waiting

    /// Waits until the descriptor is ready as asked; answers how.
    @discardableResult
    func wait(for events: Int32, _ socket: SocketHandle, _ what: String) throws -> Int32 {
        let ready = try readiness(of: socket, events, patience: patience)
        guard ready != 0 else { throw KitFailure("\(what): nothing within \(patience / 1000) s") }
        return ready
    }

    /// How the descriptor is ready now.
    func readiness(of socket: SocketHandle, _ events: Int32, patience: Int32 = 0) throws -> Int32 {
        try winsock.descriptor(of: socket).withDescriptor(for: "poll") { descriptor throws(SocketError) in
            try Self.poll(descriptor, events, patience: patience)
        }
    }

    static func poll(_ descriptor: FileDescriptor, _ events: Int32, patience: Int32) throws(SocketError) -> Int32 {
        var watched = pollfd(fd: descriptor.rawValue, events: Int16(events), revents: 0)
        try systemCall(for: "poll") { Glibc.poll(&watched, 1, patience) }
        return Int32(watched.revents)
    }

    /// Waits until the socket can receive without waiting.
    func expectReadable(_ socket: SocketHandle, _ what: String) throws {
        try wait(for: POLLIN, socket, what)
    }

    // MARK: - Expectations

    func expect(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
        guard condition else { throw KitFailure(otherwise()) }
    }

    /// Makes a call that must fail with one of these codes; answers with which.
    @discardableResult
    func expect(
        _ codes: WSAErrorCode..., of what: String, from body: () throws(SocketError) -> Void
    ) throws -> WSAErrorCode {
        let names = codes.map(\.name).joined(separator: " or ")
        let found: SocketError
        do throws(SocketError) {
            try body()
            throw SocketError(.NO_ERROR, operation: what, reason: "it succeeds")
        } catch {
            found = error
        }
        guard found.code != .NO_ERROR else { throw KitFailure("\(what) succeeds, and should be \(names)") }
        guard codes.contains(found.code) else { throw KitFailure("\(what) should be \(names), and is: \(found)") }
        return found.code
    }

    /// SO_ERROR.
    func socketError(of socket: SocketHandle) throws -> WSAErrorCode {
        let value = OptionValue(bytes: try winsock.option(.error, of: socket, buffer: [0, 0, 0, 0]))
        return WSAErrorCode(rawValue: try value.integer(Int32.self, for: "read SO_ERROR"))
    }

    /// Begins a connect that does not block and waits for its end, which SO_ERROR and the sets of select then tell. A family that is done at
    /// once may say so at once.
    func connectWithoutBlocking(_ socket: SocketHandle, to address: SocketAddress) throws {
        try winsock.setNonBlocking(socket, true)
        do throws(SocketError) {
            return try winsock.connect(socket, to: address)
        } catch {
            guard error.code == .WSAEWOULDBLOCK else {
                throw KitFailure("a connect that does not block should be WSAEWOULDBLOCK, and is: \(error)")
            }
        }
        let ended = try winsock.select(
            SocketSets(write: [socket], except: [socket]), timeout: .milliseconds(Int64(patience)))
        try expect(ended.count == 1, "a connect does not end within \(patience / 1000) s")
    }
}
