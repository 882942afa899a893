import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// A family whose sockets do what the test says. They are ends of AF_UNIX pairs, as user-space sockets are, with readiness that is true.
struct FakeFamily: AddressFamilyBackend {
    let name = "fake"
    let family = AddressFamily(rawValue: 99)
    let familyName = "fake"
    let availability = Availability.available
    /// The sockets that were made, in order.
    let made = Made()

    final class Made: Sendable {
        private let sockets = Mutex<[FakeSocket]>([])
        var all: [FakeSocket] { sockets.withLock { $0 } }
        func append(_ socket: FakeSocket) { sockets.withLock { $0.append(socket) } }
    }

    static let stream = CatalogueEntry(
        transport: "fake stream", type: .stream, protocolNumber: SocketProtocolNumber(rawValue: 1),
        minimumAddressLength: 8, maximumAddressLength: 8, services: [.guaranteedDelivery, .guaranteedOrder])
    static let datagram = CatalogueEntry(
        transport: "fake datagram", type: .datagram, protocolNumber: SocketProtocolNumber(rawValue: 2),
        minimumAddressLength: 8, maximumAddressLength: 8, services: [.connectionless, .messageOriented])

    var catalogue: [CatalogueEntry] { [Self.stream, Self.datagram] }

    func makeSocket(type: SocketType, protocolNumber: SocketProtocolNumber) throws(SocketError) -> BackendAnswer {
        guard let kind = catalogue.first(where: { $0.type == type }) else { return .declined(reason: "no such type") }
        let socket = try FakeSocket(kind: kind)
        made.append(socket)
        return .socket(socket)
    }

    func resolve(_ text: String) throws(SocketError) -> SocketAddress {
        guard let number = UInt8(text) else {
            throw SocketError(.WSAEINVAL, operation: "read '\(text)'", reason: "it is no number", advice: "As in 7.")
        }
        return Self.address(number)
    }

    func describe(_ address: SocketAddress) -> String { "\(address.payload.first ?? 0)" }

    static func address(_ number: UInt8) -> SocketAddress {
        SocketAddress(family: AddressFamily(rawValue: 99), payload: [number, 0, 0, 0, 0, 0])
    }
}

/// One socket of the fake family, with the other end in the test's hand.
final class FakeSocket: BackendSocket {
    /// What connect does next.
    enum Plan: Sendable {
        case succeed
        case stayPending
        case refuse(WSAErrorCode)
    }

    private struct State {
        var plan = Plan.succeed
        var attempt: Attempt = .none
        var waiting: [AcceptedConnection] = []
        var calls: [String] = []
        var options: [SocketOption: [UInt8]] = [:]
        var isListenRefused = false
        var isBound = false
        var receiveError: WSAErrorCode?
    }

    private enum Attempt {
        case none
        case pending
        case connected
        case failed(SocketError)
    }

    let kind: CatalogueEntry
    let descriptor: SharedDescriptor
    private let other: SharedDescriptor
    private let state = Mutex(State())

    init(kind: CatalogueEntry) throws(SocketError) {
        self.kind = kind
        state.withLock { $0.isBound = kind.isConnectionOriented }  // only the datagram sockets start without an address
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        try systemCall(for: "make a pair") { socketpair(AF_UNIX, type, 0, &ends) }
        descriptor = SharedDescriptor(OwnedDescriptor(FileDescriptor(rawValue: ends[0])))
        other = SharedDescriptor(OwnedDescriptor(FileDescriptor(rawValue: ends[1])))
    }

    // MARK: - What the test says

    func plan(_ plan: Plan) { state.withLock { $0.plan = plan } }

    func unbind() { state.withLock { $0.isBound = false } }

    func refuseToListen() { state.withLock { $0.isListenRefused = true } }

    /// Ends the pending attempt: well, or with this code. Answers what was sent until then, filler first.
    @discardableResult
    func finish(_ code: WSAErrorCode? = nil) throws -> [UInt8] {
        state.withLock { state in
            state.attempt =
                code.map { .failed(SocketError($0, operation: "connect", reason: "the test says so")) }
                ?? .connected
        }
        return try drain()
    }

    /// Lets a connection wait to be accepted, and turns the socket readable.
    func offerConnection() throws -> FakeSocket {
        let accepted = try FakeSocket(kind: kind)
        state.withLock { $0.waiting.append(AcceptedConnection(socket: accepted, peer: FakeFamily.address(42))) }
        try deliver([0])
        return accepted
    }

    /// Lets these bytes arrive.
    func deliver(_ bytes: [UInt8]) throws {
        _ = try other.withDescriptor(for: "deliver") { descriptor throws(SocketError) in
            try systemCall(for: "deliver") { write(descriptor.rawValue, bytes, bytes.count) }
        }
    }

    /// Ends the stream in order, once what was delivered is received.
    func endStream() throws {
        _ = try other.withDescriptor(for: "end") { descriptor throws(SocketError) in
            try systemCall(for: "end") { Glibc.shutdown(descriptor.rawValue, Int32(SHUT_WR)) }
        }
    }

    /// Breaks the connection: every receive answers this code.
    func breakConnection(_ code: WSAErrorCode) {
        state.withLock { $0.receiveError = code }
        other.close()
    }

    /// Puts a new pair under the descriptor when the next attempt to connect starts, as a user-space socket does.
    func replacePair() throws {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        try systemCall(for: "make a pair") { socketpair(AF_UNIX, type, 0, &ends) }
        try descriptor.replace(with: OwnedDescriptor(FileDescriptor(rawValue: ends[0])), for: "replace")
        try other.replace(with: OwnedDescriptor(FileDescriptor(rawValue: ends[1])), for: "replace")
    }

    /// Takes what was sent, and so makes room.
    @discardableResult
    func drain() throws -> [UInt8] {
        var taken: [UInt8] = []
        while let chunk = try takeChunk(), !chunk.isEmpty { taken += chunk }
        return taken
    }

    /// Some of what was sent; nil if there is nothing now.
    private func takeChunk() throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = try other.withDescriptor(for: "drain") { read($0.rawValue, &buffer, buffer.count) }
        return count < 0 ? nil : Array(buffer.prefix(count))
    }

    /// The calls that reached the backend, in order.
    var calls: [String] { state.withLock { $0.calls } }

    func count(of call: String) -> Int { calls.count { $0 == call } }

    // MARK: - What the runtime calls

    private func note(_ call: String) { state.withLock { $0.calls.append(call) } }

    func bind(to address: SocketAddress) throws(SocketError) {
        note("bind")
        state.withLock { $0.isBound = true }
    }

    func listen(backlog: Int) throws(SocketError) {
        note("listen")
        guard state.withLock({ !$0.isListenRefused }) else {
            throw SocketError(.WSAEADDRINUSE, operation: "listen", reason: "the test says so")
        }
    }

    func accept() throws(SocketError) -> AcceptedConnection {
        note("accept")
        let next = state.withLock { state in state.waiting.isEmpty ? nil : state.waiting.removeFirst() }
        guard let next else { throw SocketError(.WSAEWOULDBLOCK, operation: "accept", reason: "none waits") }
        _ = try descriptor.withDescriptor(for: "accept") { descriptor throws(SocketError) in
            var byte: UInt8 = 0
            return try systemCall(for: "accept") { read(descriptor.rawValue, &byte, 1) }
        }
        return next
    }

    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        note("connect")
        guard kind.isConnectionOriented else {
            state.withLock { $0.isBound = true }
            return address.payload.allSatisfy { $0 == 0 } ? .dissolved : .connected
        }
        switch state.withLock({ $0.plan }) {
        case .succeed:
            state.withLock { $0.attempt = .connected }
            return .connected
        case .refuse(let code):
            throw SocketError(code, operation: "connect", reason: "the test says so")
        case .stayPending:
            state.withLock { $0.attempt = .pending }
            try fill()
            return .pending
        }
    }

    /// Fills the send buffer, so that the descriptor is not writable.
    private func fill() throws(SocketError) {
        let filler = [UInt8](repeating: 0, count: 4096)
        while true {
            do throws(SocketError) {
                _ = try descriptor.withDescriptor(for: "fill") { descriptor throws(SocketError) in
                    try systemCall(for: "fill") { write(descriptor.rawValue, filler, filler.count) }
                }
            } catch  where error.code == .WSAEWOULDBLOCK {
                return
            }
        }
    }

    func finishConnect() throws(SocketError) {
        note("finishConnect")
        switch state.withLock({ $0.attempt }) {
        case .connected: return
        case .failed(let error): throw error
        case .none: throw SocketError(.WSAENOTCONN, operation: "finish", reason: "no attempt was made")
        case .pending: throw SocketError(.WSAEWOULDBLOCK, operation: "finish", reason: "it goes on")
        }
    }

    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        note("send")
        return try descriptor.withDescriptor(for: "send") { descriptor throws(SocketError) in
            try systemCall(for: "send") {
                bytes.withUnsafeBytes { Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            }
        }
    }

    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        note("sendTo")
        state.withLock { $0.isBound = true }
        return bytes.byteCount
    }

    func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        if !flags.contains(.peek) { note("receive") }
        if let code = state.withLock({ $0.receiveError }) {
            throw SocketError(code, operation: "receive", reason: "the test says so")
        }
        return try descriptor.withDescriptor(for: "receive") { descriptor throws(SocketError) in
            try systemCall(for: "receive") {
                buffer.withUnsafeMutableBytes { recv(descriptor.rawValue, $0.baseAddress, $0.count, flags.rawValue) }
            }
        }
    }

    func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> ReceivedDatagram {
        let count = try receive(into: &buffer, flags: flags)
        return ReceivedDatagram(count: count, isTruncated: false, source: FakeFamily.address(42))
    }

    func shutdown(_ direction: ShutdownDirection) throws(SocketError) { note("shutdown") }

    func localAddress() throws(SocketError) -> SocketAddress {
        guard state.withLock({ $0.isBound }) else {
            throw SocketError(.WSAEINVAL, operation: "read the local address", reason: "there is none")
        }
        return FakeFamily.address(1)
    }

    func peerAddress() throws(SocketError) -> SocketAddress {
        throw SocketError(.WSAEOPNOTSUPP, operation: "read the peer's address", reason: "the family does not tell")
    }

    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] {
        guard let value = state.withLock({ $0.options[option] }) else {
            throw SocketError(.WSAENOPROTOOPT, operation: "read \(option)", reason: "it was not set")
        }
        return value
    }

    func setOption(_ option: SocketOption, to value: [UInt8]) throws(SocketError) {
        state.withLock { $0.options[option] = value }
    }

    func close() {
        note("close")
        descriptor.close()
        other.close()
    }
}
