import SocketBackends
import SystemPackage

/// A backend that answers as it was told to.
struct ScriptedBackend: AddressFamilyBackend {
    enum Answer: Sendable {
        case socket
        case declined(String)
        case thrown(WSAErrorCode)
    }

    var name: String
    var family: AddressFamily = .irda
    var familyName = "irda"
    var availability: Availability = .available
    var answer: Answer = .socket

    var catalogue: [CatalogueEntry] {
        [
            CatalogueEntry(
                transport: "\(name) transport", type: .stream, protocolNumber: .irdaStream, minimumAddressLength: 8,
                maximumAddressLength: 32, services: [.guaranteedDelivery, .guaranteedOrder])
        ]
    }

    func makeSocket(type: SocketType, protocolNumber: SocketProtocolNumber) throws(SocketError) -> BackendAnswer {
        switch answer {
        case .socket: return .socket(try NamedSocket(kind: catalogue[0]))
        case .declined(let reason): return .declined(reason: reason)
        case .thrown(let code): throw SocketError(code, operation: "make a socket", reason: "\(name) said so")
        }
    }

    func resolve(_ text: String) throws(SocketError) -> SocketAddress {
        SocketAddress(family: family, payload: Array("\(name)/\(text)".utf8))
    }

    func describe(_ address: SocketAddress) -> String { String(decoding: address.payload, as: UTF8.self) }
}

/// A socket that says by its transport which backend made it, and can do nothing else.
final class NamedSocket: BackendSocket {
    let kind: CatalogueEntry
    let descriptor: SharedDescriptor

    init(kind: CatalogueEntry) throws(SocketError) {
        self.kind = kind
        do {
            let (readEnd, writeEnd) = try FileDescriptor.pipe()
            try writeEnd.close()
            descriptor = SharedDescriptor(OwnedDescriptor(readEnd))
        } catch {
            throw SocketError(.WSAEMFILE, operation: "make a pipe", reason: "\(error)")
        }
    }

    private func unsupported() -> SocketError {
        SocketError(.WSAEOPNOTSUPP, operation: "use a scripted socket", reason: "it can do nothing")
    }

    func bind(to address: SocketAddress) throws(SocketError) { throw unsupported() }
    func listen(backlog: Int) throws(SocketError) { throw unsupported() }
    func accept() throws(SocketError) -> AcceptedConnection { throw unsupported() }
    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress { throw unsupported() }
    func finishConnect() throws(SocketError) { throw unsupported() }
    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int { throw unsupported() }
    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int {
        throw unsupported()
    }
    func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int {
        throw unsupported()
    }
    func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> ReceivedDatagram {
        throw unsupported()
    }
    func shutdown(_ direction: ShutdownDirection) throws(SocketError) { throw unsupported() }
    func localAddress() throws(SocketError) -> SocketAddress { throw unsupported() }
    func peerAddress() throws(SocketError) -> SocketAddress { throw unsupported() }
    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] { throw unsupported() }
    func setOption(_ option: SocketOption, to value: [UInt8]) throws(SocketError) { throw unsupported() }
    func close() { descriptor.close() }
}
