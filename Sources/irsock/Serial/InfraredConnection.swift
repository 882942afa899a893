import Glibc
import IrDABackend
import SocketBackends
import SystemPackage

/// A connection by the provider of AF_IRDA itself, for what its stream sockets cannot carry: messages with boundaries, and data
/// without TinyTP.
struct InfraredConnection {
    private let endpoint: any IrDAEndpoint
    /// For people.
    let name: String

    /// Connects.
    ///
    /// - Parameters:
    ///   - provider: the way to the port.
    ///   - address: the device and its service.
    ///   - kind: how data is to be carried.
    ///   - settings: the same, more closely.
    /// - Throws: `SocketError` if there is no connection to be had.
    init(
        _ provider: any IrDAProvider, to address: IrDAAddress, kind: IrDASocketKind, settings: IrDASocketSettings
    ) throws(SocketError) {
        endpoint = try provider.makeEndpoint(kind)
        name = "\(address)"
        do throws(SocketError) {
            try endpoint.apply(settings)
            try endpoint.connect(to: address.device, service: address.service, exclusively: false)
            try waitForOutcome()
        } catch {
            endpoint.close()
            throw error
        }
    }

    /// How much the connection carries at once.
    var units: IrDATransferUnits {
        get throws(SocketError) {
            guard let units = try endpoint.transferUnits else { throw ended }
            return units
        }
    }

    /// Why the connection is over.
    var ended: SocketError {
        endpoint.failure
            ?? SocketError(
                .WSAECONNRESET, operation: "go on with \(name)", reason: "the other end has closed the connection")
    }

    /// Whether the other end closed it in good order.
    var hasEndedInOrder: Bool { endpoint.failure == nil }

    /// The descriptor's number, to wait for; it stays what it is while the connection is open.
    var number: Int32 {
        get throws(SocketError) {
            try endpoint.descriptor.withDescriptor(for: "wait for \(name)") { $0.rawValue }
        }
    }

    /// Sends without waiting.
    ///
    /// - Returns: how many bytes were taken; nil if none can be now. A message is taken whole.
    func send(_ bytes: ArraySlice<UInt8>) throws(SocketError) -> Int? {
        let piece = Array(bytes)
        return try unlessBlocked("send to \(name)") { descriptor in
            Glibc.send(descriptor.rawValue, piece, piece.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
    }

    /// Receives without waiting.
    ///
    /// - Returns: one message, or a piece of the stream; nothing at the end; nil if nothing has come.
    func receive() throws(SocketError) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: Self.longestMessage)
        let count = try unlessBlocked("receive from \(name)") { descriptor in
            recv(descriptor.rawValue, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        }
        return count.map { Array(buffer.prefix($0)) }
    }

    /// Closes the connection; what has been sent still goes out.
    func close() {
        endpoint.close()
    }

    private static let longestMessage = 65_536

    private func waitForOutcome() throws(SocketError) {
        while true {
            if let outcome = endpoint.connectOutcome { return try outcome.get() }
            try endpoint.descriptor.withDescriptor(for: "connect to \(name)") { descriptor throws(SocketError) in
                var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
                _ = try systemCall(for: "connect to \(name)") { poll(&entry, 1, -1) }
            }
        }
    }

    private func unlessBlocked(
        _ operation: String, _ call: (FileDescriptor) -> Int
    ) throws(SocketError) -> Int? {
        try endpoint.descriptor.withDescriptor(for: operation) { descriptor throws(SocketError) in
            do throws(Errno) {
                return try systemCall { call(descriptor) }
            } catch {
                switch error {
                case .wouldBlock: return nil
                case .brokenPipe, .connectionReset: throw endpoint.failure ?? SocketError(error, operation: operation)
                default: throw SocketError(error, operation: operation)
                }
            }
        }
    }
}
