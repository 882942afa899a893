import CLinux
import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// A family for tests with very many sockets: each takes one descriptor, and can only connect, which stays pending until the test ends it.
struct GateFamily: AddressFamilyBackend {
    let name = "gate"
    let family = AddressFamily(rawValue: 98)
    let familyName = "gate"
    let availability = Availability.available
    let gates = Gates()

    /// The sockets that were made, in order.
    final class Gates: Sendable {
        private let gates = Mutex<[Gate]>([])
        var latest: Gate? { gates.withLock { $0.last } }
        func append(_ gate: Gate) { gates.withLock { $0.append(gate) } }
    }

    static let address = SocketAddress(family: AddressFamily(rawValue: 98), payload: [1, 0])
    static let stream = CatalogueEntry(
        transport: "gate", type: .stream, protocolNumber: SocketProtocolNumber(rawValue: 1), minimumAddressLength: 4,
        maximumAddressLength: 4, services: [.guaranteedDelivery, .guaranteedOrder])

    var catalogue: [CatalogueEntry] { [Self.stream] }

    func makeSocket(type: SocketType, protocolNumber: SocketProtocolNumber) throws(SocketError) -> BackendAnswer {
        let gate = try Gate()
        gates.append(gate)
        return .socket(gate)
    }

    func resolve(_ text: String) throws(SocketError) -> SocketAddress { Self.address }

    func describe(_ address: SocketAddress) -> String { "the gate" }
}

/// A socket of the gate family. Its descriptor is an eventfd, which is writable unless its count is at the top.
final class Gate: BackendSocket {
    private enum Attempt {
        case pending
        case connected
        case failed(SocketError)
    }

    let kind = GateFamily.stream
    let descriptor: SharedDescriptor
    private let attempt = Mutex(Attempt.pending)

    init() throws(SocketError) {
        let number = try systemCall(for: "make a gate") { eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)) }
        descriptor = SharedDescriptor(OwnedDescriptor(FileDescriptor(rawValue: number)))
    }

    /// Ends the attempt: well, or with this code.
    func open(_ code: WSAErrorCode? = nil) throws {
        let error = code.map { SocketError($0, operation: "connect", reason: "the test says so") }
        attempt.withLock { $0 = error.map { .failed($0) } ?? .connected }
        try descriptor.withDescriptor(for: "open the gate") { descriptor throws(SocketError) in
            var count: eventfd_t = 0
            try systemCall(for: "open the gate") { eventfd_read(descriptor.rawValue, &count) }
        }
    }

    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        attempt.withLock { $0 = .pending }
        _ = try descriptor.withDescriptor(for: "connect") { descriptor throws(SocketError) in
            try systemCall(for: "connect") { eventfd_write(descriptor.rawValue, .max - 1) }
        }
        return .pending
    }

    func finishConnect() throws(SocketError) {
        switch attempt.withLock({ $0 }) {
        case .pending: throw SocketError(.WSAEWOULDBLOCK, operation: "connect", reason: "it goes on")
        case .connected: return
        case .failed(let error): throw error
        }
    }

    func close() { descriptor.close() }

    func localAddress() throws(SocketError) -> SocketAddress { GateFamily.address }
    func peerAddress() throws(SocketError) -> SocketAddress { GateFamily.address }

    private var unsupported: SocketError {
        SocketError(.WSAEOPNOTSUPP, operation: "use a gate", reason: "it is no use")
    }

    func bind(to address: SocketAddress) throws(SocketError) { throw unsupported }
    func listen(backlog: Int) throws(SocketError) { throw unsupported }
    func accept() throws(SocketError) -> AcceptedConnection { throw unsupported }
    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int { throw unsupported }
    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        throw unsupported
    }
    func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        throw unsupported
    }
    func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> ReceivedDatagram {
        throw unsupported
    }
    func shutdown(_ direction: ShutdownDirection) throws(SocketError) { throw unsupported }
    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] { throw unsupported }
    func setOption(_ option: SocketOption, to value: [UInt8]) throws(SocketError) { throw unsupported }
}
