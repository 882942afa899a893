import SocketBackends
import Synchronization

/// The protocol identifiers of an Ultra socket.
struct UltraAddresses: Sendable {
    /// What it is bound to: what it receives, and sends without an address.
    var local: UInt8?
    /// Where it sends without an address, once connect has said so.
    var peer: UInt8?
}

// Ultra: packets to whoever is around, told apart by a protocol identifier, which stands in the place of an LSAP-SEL. There is no
// connection, so connect only says where to send (rules R37, R38), and no device is addressed.
extension IrDASocket {
    func bindUltra(to wanted: IrDAAddress) throws(SocketError) {
        let operation = "bind to \(wanted)"
        guard ultra.withLock({ $0.local }) == nil else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the socket has a protocol identifier already",
                advice: "Use a fresh socket.")
        }
        let identifier = try Self.identifier(of: wanted, for: operation)
        _ = try endpoint.bind(to: .selector(identifier))
        ultra.withLock { $0.local = identifier }
    }

    func connectUltra(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        let wanted = try IrDAAddress(address, for: "connect")
        if wanted.device == .none && wanted.service == .unspecified {  // rule R42
            ultra.withLock { $0.peer = nil }
            return .dissolved
        }
        let identifier = try Self.identifier(of: wanted, for: "connect to \(wanted)")
        ultra.withLock { $0.peer = identifier }
        return .connected
    }

    /// Sends one packet.
    ///
    /// - Parameters:
    ///   - bytes: the packet, what follows the protocol identifier.
    ///   - address: where; nil for where connect or else bind has said.
    ///   - operation: for errors.
    /// - Throws: WSAENOTCONN without any identifier, WSAEMSGSIZE if the packet is too long.
    func sendUltra(_ bytes: RawSpan, to address: SocketAddress?, for operation: String) throws(SocketError) -> Int {
        let addresses = ultra.withLock { $0 }
        var wanted = addresses.peer ?? addresses.local
        if let address {
            wanted = try Self.identifier(of: try IrDAAddress(address, for: operation), for: operation)
        }
        guard let wanted else {
            throw SocketError(
                .WSAENOTCONN, operation: operation, reason: "the socket has no protocol identifier to send under",
                advice: "Give an address, or bind or connect first.")
        }
        if let limit = try endpoint.transferUnits?.sendMessage, bytes.byteCount > limit {
            throw SocketError(
                .WSAEMSGSIZE, operation: operation, reason: "a packet of \(bytes.byteCount) bytes is too long",
                advice: "At most \(limit) fit, and 61 anywhere.")
        }
        // Under its own identifier data takes the way of all data, with its backpressure.
        if wanted == addresses.local { return try write(bytes, for: operation) }
        try endpoint.sendUltra(bytes.withUnsafeBytes { Array($0) }, protocolID: wanted)
        return bytes.byteCount
    }

    func requireUltraAddress(for operation: String) throws(SocketError) {
        guard ultra.withLock({ $0.local }) != nil else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the socket is not bound, so nothing comes for it",
                advice: "Bind it to a protocol identifier first.")
        }
    }

    func localUltraAddress() throws(SocketError) -> IrDAAddress {
        guard let local = ultra.withLock({ $0.local }) else {
            throw SocketError(
                .WSAEINVAL, operation: "read the local address", reason: "the socket has none", advice: "Bind it first."
            )
        }
        return IrDAAddress(device: endpoint.localDevice, service: .selector(local))
    }

    func ultraPeer() throws(SocketError) -> IrDAAddress {
        guard let peer = ultra.withLock({ $0.peer }) else {
            throw SocketError(.WSAENOTCONN, operation: "read the peer's address", reason: "the socket has no peer")
        }
        return IrDAAddress(device: .none, service: .selector(peer))
    }

    private static func identifier(of address: IrDAAddress, for operation: String) throws(SocketError) -> UInt8 {
        guard case .selector(let identifier) = address.service else {
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "\(address) is no protocol identifier of Ultra",
                advice: "Write it like a selector: LSAP-SEL1 is OBEX.")
        }
        return identifier
    }
}
