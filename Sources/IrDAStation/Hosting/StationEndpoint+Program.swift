import Glibc
import IrDABackend
import IrDAProtocol
import protocol NIOCore.EventLoop
import SocketBackends
import Synchronization
import struct SystemPackage.FileDescriptor

// The program's side, for programs in this process.
extension StationEndpoint: IrDAEndpoint {
    var localDevice: IrDADeviceID { station.device }

    func connect(to device: IrDADeviceID, service: IrDAServiceName, exclusively: Bool) throws(SocketError) {
        let operation = "connect to \(IrDAAddress(device: device, service: service))"
        if connectOutcome != nil {
            // After a failure the old pair is dead; a new one takes its place under the same number.
            try descriptor.replace(with: try renewPair(), for: operation)
        }
        try host.onLoop(for: operation) { host -> Result<Void, SocketError> in
            if let obstacle = host.obstacle(for: operation) { return .failure(obstacle) }
            host.connect(
                self, to: IrDATarget(service), at: DeviceAddress(rawValue: device.rawValue),
                exclusively: exclusively, operation: operation)
            return .success(())
        }
    }

    var connectOutcome: Result<Void, SocketError>? { state.withLock { $0.outcome } }

    var failure: SocketError? { state.withLock { $0.failure } }

    func bind(to service: IrDAServiceName) throws(SocketError) -> UInt8 {
        let operation = "bind to \(service)"
        return try host.onLoop(for: operation) { host in
            Result { () throws(SocketError) in
                try host.bind(self, to: IrDATarget(binding: service), operation: operation)
            }
        }
    }

    func listen(backlog: Int) throws(SocketError) {
        // Winsock's SOMAXCONN means "as many as is reasonable".
        state.withLock { state in
            state.backlog = min(max(backlog, 1), Self.longestBacklog)
            state.phase = .listening
        }
    }

    private static let longestBacklog = 64

    func accept() throws(SocketError) -> (endpoint: any IrDAEndpoint, device: IrDADeviceID)? {
        guard let (endpoint, device) = takeWaiting() else { return nil }
        // The byte that made the listening socket readable goes with it.
        try descriptor.withDescriptor(for: "accept a connection") { descriptor in
            var token: UInt8 = 0
            _ = recv(descriptor.rawValue, &token, 1, 0)
        }
        return (endpoint, device)
    }

    var sendPDULength: Int? {
        get throws(SocketError) { try transferUnits?.pduLength }
    }

    var transferUnits: IrDATransferUnits? {
        get throws(SocketError) {
            try host.onLoop(for: "measure a connection") { host in .success(host.transferUnits(of: self)) }
        }
    }

    func apply(_ settings: IrDASocketSettings) throws(SocketError) {
        state.withLock { $0.settings = settings }
    }

    func setAttribute(_ attribute: String, ofClass className: String, to value: IASAnswer) throws(SocketError) {
        let operation = "set \(attribute) of \(className)"
        let attribute = IASAttribute(name: IASName(attribute), value: IASValue(value))
        try host.onLoop(for: operation) { host in
            Result { () throws(SocketError) in
                try host.setAttribute(attribute, of: IASName(className), for: self, operation: operation)
            }
        }
    }

    func removeAttribute(_ attribute: String, ofClass className: String) throws(SocketError) {
        let operation = "remove \(attribute) of \(className)"
        try host.onLoop(for: operation) { host in
            Result { () throws(SocketError) in
                try host.removeAttribute(
                    IASName(attribute), of: IASName(className), for: self, operation: operation)
            }
        }
    }

    func setHints(_ hints: UInt16) throws(SocketError) {
        try host.onLoop(for: "set hints") { host in
            host.setHints(hints, for: self)
            return .success(())
        }
    }

    func sendUltra(_ packet: [UInt8], protocolID: UInt8) throws(SocketError) {
        let operation = "send an Ultra packet"
        try host.onLoop(for: operation) { host in
            Result { () throws(SocketError) in
                try host.sendUltra(packet, protocolID: protocolID, by: self, operation: operation)
            }
        }
    }

    func close() {
        descriptor.close()
        host.loop.execute { self.host.assumeIsolated { self.release(by: $0) } }
    }
}

extension IrDATarget {
    /// What a socket is to be bound to; nil leaves the choice to the station.
    init?(binding service: IrDAServiceName) {
        switch service {
        case .name, .selector: self.init(service)
        case .unspecified: return nil
        }
    }
}
