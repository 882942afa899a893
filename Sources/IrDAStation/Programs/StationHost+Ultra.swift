import IrDABackend
import IrDAProtocol
import IrDASimulation
import NIOCore
import SocketBackends
import Synchronization
import struct SystemPackage.Errno

/// A socket of Ultra: data without a connection, under a protocol identifier.
struct UltraEnd: Sendable {
    let endpoint: StationEndpoint
    let way: MessageWay
    /// The identifier that the socket is bound to; nil before.
    var protocolID: UInt8?
}

// Ultra: packets to whoever is around (IrLMP 1.1, 3.3.3.1.3).
extension StationHost {
    /// Lets an endpoint send and receive packets.
    func openUltra(_ endpoint: StationEndpoint) throws(SocketError) {
        guard let end = endpoint.opened() else { return }
        let station = endpoint.station.id
        let way = try messageWay(end) { [weak endpoint] host, message in
            guard let endpoint else { return }
            host.ultraSent(message, by: endpoint, on: station)
        }
        ultras[station, default: []].append(UltraEnd(endpoint: endpoint, way: way))
        way.requestRead()
    }

    /// Binds an endpoint to a protocol identifier; several may have the same, and all hear what comes.
    func bindUltra(
        _ endpoint: StationEndpoint, to target: IrDATarget?, operation: String
    ) throws(SocketError) -> UInt8 {
        let station = endpoint.station.id
        guard case .selector(let selector) = target, selector.rawValue < 0x80,
            let index = ultras[station]?.firstIndex(where: { $0.endpoint === endpoint })
        else {
            throw SocketError(
                .WSAEOPNOTSUPP, errno: .notSupportedOnSocket, operation: operation,
                reason: "an Ultra socket is bound to a protocol identifier from 0 to 127",
                advice: "Put the identifier in the place of the LSAP-SEL, and leave the name empty.")
        }
        ultras[station]?[index].protocolID = selector.rawValue
        endpoint.state.withLock { state in
            state.local.selector = selector.rawValue
            state.phase = .bound
        }
        return selector.rawValue
    }

    /// Sends a packet under any identifier.
    func sendUltra(
        _ packet: [UInt8], protocolID: UInt8, by endpoint: StationEndpoint, operation: String
    ) throws(SocketError) {
        guard endpoint.kind == .ultra else {
            throw SocketError(.WSAEOPNOTSUPP, operation: operation, reason: "the socket is not one of Ultra")
        }
        if let obstacle = obstacle(for: operation) { throw obstacle }
        do throws(IrDASendError) {
            try sendUltra(packet, protocolID: protocolID, on: endpoint.station.id)
        } catch {
            switch error {
            case .tooLong(let limit):
                throw SocketError(
                    .WSAEMSGSIZE, errno: .messageTooLong, operation: operation,
                    reason: "an Ultra packet has at most \(limit) bytes here")
            case .noRoom, .linkInUse:
                throw SocketError(
                    .WSAEWOULDBLOCK, errno: .resourceTemporarilyUnavailable, operation: operation,
                    reason: "another packet is waiting, or the medium is in use", advice: "Try again a little later.")
            case .noSuchProtocol:
                throw SocketError(
                    .WSAEOPNOTSUPP, errno: .notSupportedOnSocket, operation: operation,
                    reason: "protocol identifiers of Ultra go from 0 to 127")
            case .empty, .notConnected:
                throw SocketError(
                    .WSAEINVAL, errno: .invalidArgument, operation: operation, reason: "there is nothing to send")
            }
        }
    }

    /// Sends a packet; what does not fit is cut, as Linux does.
    func sendUltra(_ packet: [UInt8], protocolID: UInt8, on station: StationID) throws(IrDASendError) {
        catchUp()
        defer { tick() }
        let outcome: Result<Void, IrDASendError> = medium.with(station) { stack, now in
            do throws(IrDASendError) {
                return (.success(()), try stack.sendUltra(packet, protocolID: protocolID, at: now))
            } catch {
                return (.failure(error), [])
            }
        }
        try outcome.get()
    }

    func ultraReceived(_ packet: [UInt8], protocolID: UInt8, on station: StationID) {
        let arrival = Arrival(bytes: packet, isCredited: false)
        for ultra in ultras[station] ?? [] where ultra.protocolID == protocolID { ultra.way.deliver(arrival) {} }
    }

    private func ultraSent(_ message: [UInt8]?, by endpoint: StationEndpoint, on station: StationID) {
        guard !isClosed, let ultra = ultras[station]?.first(where: { $0.endpoint === endpoint }) else { return }
        guard let message else {
            endpoint.programLeft(by: self)
            return
        }
        do throws(IrDASendError) {
            try sendUltra(message, protocolID: ultra.protocolID ?? 0, on: station)
        } catch {
            switch error {
            case .tooLong(let limit):
                ultraSent(Array(message.prefix(limit)), by: endpoint, on: station)
                return
            case .noRoom, .linkInUse:
                // The program is held back by its own full socket meanwhile.
                loop.scheduleTask(in: Self.ultraRetryTime) {
                    self.assumeIsolated { $0.ultraSent(message, by: endpoint, on: station) }
                }
                return
            case .empty, .notConnected, .noSuchProtocol: break
            }
        }
        ultra.way.requestRead()
    }

    private static let ultraRetryTime = TimeAmount.milliseconds(20)

    /// The socket is closed.
    func closeUltra(_ endpoint: StationEndpoint) {
        let station = endpoint.station.id
        for ultra in ultras[station] ?? [] where ultra.endpoint === endpoint { ultra.way.abandon() }
        ultras[station]?.removeAll { $0.endpoint === endpoint }
    }

    /// The watcher of descriptors that are not NIO's.
    func descriptorWatcher() throws(SocketError) -> DescriptorWatcher {
        if let watcher { return watcher }
        let made = try DescriptorWatcher(on: loop)
        watcher = made
        return made
    }
}
