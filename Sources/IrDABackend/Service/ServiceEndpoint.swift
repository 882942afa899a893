import Glibc
import IrDAService
import SocketBackends
import Synchronization
import SystemPackage

/// A socket whose station a service has.
final class ServiceEndpoint: IrDAEndpoint {
    let kind: IrDASocketKind
    let descriptor: SharedDescriptor
    let localDevice: IrDADeviceID
    private let id: ServiceSocketID
    private let client: ServiceClient
    private struct State {
        /// The last connect, in its caller's words.
        var attempt = "connect a socket of irda"
        /// Its outcome once it is known, which then needs no more asking.
        var outcome: Result<Void, SocketError>?
    }

    private let state: Mutex<State>

    init(
        _ socket: consuming ServiceSocket, kind: IrDASocketKind, client: ServiceClient, localDevice: IrDADeviceID,
        outcome: Result<Void, SocketError>? = nil
    ) {
        id = socket.id
        let owned = socket.release()
        Self.unblock(owned)
        descriptor = SharedDescriptor(owned)
        self.kind = kind
        self.client = client
        self.localDevice = localDevice
        state = Mutex(State(outcome: outcome))
    }

    /// A service gives descriptors that block, as programs expect them; a backend's never do.
    private static func unblock(_ descriptor: borrowing OwnedDescriptor) {
        descriptor.withDescriptor { _ = fcntl($0.rawValue, F_SETFL, O_NONBLOCK) }  // cannot fail on one that is open
    }

    // MARK: Connecting

    func connect(to device: IrDADeviceID, service: IrDAServiceName, exclusively: Bool) throws(SocketError) {
        let operation = "connect to \(IrDAAddress(device: device, service: service))"
        let replacement = try naming(operation) { () throws(SocketError) in
            try client.connect(id, to: device.rawValue, ServiceTarget(service), exclusively: exclusively)
        }
        state.withLock { $0 = State(attempt: operation) }
        if let replacement {
            Self.unblock(replacement)
            try descriptor.replace(with: replacement, for: operation)
        }
    }

    var connectOutcome: Result<Void, SocketError>? {
        if let outcome = state.withLock({ $0.outcome }) { return outcome }
        let outcome: Result<Void, SocketError>?
        do throws(SocketError) {
            let answer = try descriptor.withDescriptor(for: "finish a connect") { descriptor throws(SocketError) in
                try client.outcome(of: id, descriptor: descriptor)
            }
            switch answer {
            case .pending: outcome = nil
            case .connected: outcome = .success(())
            case .failed(var error):
                error.operation = state.withLock { $0.attempt }
                outcome = .failure(error)
            }
        } catch  where error.code == .WSAENOTCONN {
            return nil
        } catch {
            return .failure(error)
        }
        state.withLock { $0.outcome = outcome }
        return outcome
    }

    var failure: SocketError? {
        do throws(SocketError) {
            return try client.failure(of: id)
        } catch {
            // The service has gone, and the connection with it.
            return error
        }
    }

    // MARK: Taking connections

    func bind(to service: IrDAServiceName) throws(SocketError) -> UInt8 {
        try naming("bind to \(service)") { () throws(SocketError) in
            try client.bind(id, to: ServiceTarget(service))
        }
    }

    func listen(backlog: Int) throws(SocketError) { try client.listen(id, backlog: backlog) }

    func accept() throws(SocketError) -> (endpoint: any IrDAEndpoint, device: IrDADeviceID)? {
        let hold = try descriptor.hold(for: "accept a connection")
        let number = hold.withDescriptor { $0 }
        guard let accepted = try client.accept(id, descriptor: number) else { return nil }
        let device = IrDADeviceID(rawValue: accepted.peer.device)
        let endpoint = ServiceEndpoint(
            accepted.release(), kind: kind, client: client, localDevice: localDevice, outcome: .success(()))
        return (endpoint, device)
    }

    // MARK: Options

    var sendPDULength: Int? {
        get throws(SocketError) { try transferUnits?.pduLength }
    }

    var transferUnits: IrDATransferUnits? {
        get throws(SocketError) {
            do throws(SocketError) {
                let units = try client.transferUnits(of: id)
                return IrDATransferUnits(
                    pduLength: Int(units.pduLength), sendMessage: Int(units.maximumSDU),
                    receiveMessage: Int(units.maximumSDU), unsent: Int(units.unsent))
            } catch  where error.code == .WSAENOTCONN {
                return nil
            }
        }
    }

    func apply(_ settings: IrDASocketSettings) throws(SocketError) {
        switch settings.layer {
        case .tinyTP: if kind == .stream { try client.setLayer(.tinyTP, for: id) }
        case .raw: try client.setLayer(.raw, for: id)
        case .nineWire:
            throw SocketError(
                .WSAEOPNOTSUPP, operation: "use IrCOMM's cooked framing", reason: "the service does not know how")
        }
        if kind == .messages { try client.setMaximumSDU(settings.maximumMessage, for: id) }
    }

    func setAttribute(_ attribute: String, ofClass className: String, to value: IASAnswer) throws(SocketError) {
        try naming("set \(attribute) of \(className)") { () throws(SocketError) in
            try client.setAttribute(
                Array(attribute.utf8), ofClass: Array(className.utf8), to: ServiceAttribute(value), for: id)
        }
    }

    func removeAttribute(_ attribute: String, ofClass className: String) throws(SocketError) {
        try naming("remove \(attribute) of \(className)") { () throws(SocketError) in
            try client.removeAttribute(Array(attribute.utf8), ofClass: Array(className.utf8), for: id)
        }
    }

    func setHints(_ hints: UInt16) throws(SocketError) { try client.setHints(hints, for: id) }

    func sendUltra(_ packet: [UInt8], protocolID: UInt8) throws(SocketError) {
        try client.sendUltra(packet, protocolID: protocolID, from: id)
    }

    func close() {
        descriptor.close()
        // If the service has gone there is nothing to give back.
        try? client.close(id)
    }

    /// Says what was attempted in the caller's words.
    private func naming<Value: ~Copyable>(
        _ operation: String, _ body: () throws(SocketError) -> Value
    ) throws(SocketError) -> Value {
        do throws(SocketError) {
            return try body()
        } catch {
            var error = error
            error.operation = operation
            throw error
        }
    }
}

extension ServiceTarget {
    init(_ service: IrDAServiceName) {
        switch service {
        case .name(let name): self = .name(Array(name.utf8))
        case .selector(let selector): self = .selector(selector)
        case .unspecified: self = .unspecified
        }
    }
}
