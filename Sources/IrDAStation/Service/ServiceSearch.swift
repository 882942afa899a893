import IrDAProtocol
import IrDASimulation
import NIOCore
import SocketBackends
import struct SystemPackage.Errno

/// Looks for the one device that offers a service, for a connect that names none: asks each that is known, in turn.
///
/// A link excludes another, so the link to one device ends before the next is asked.
struct ServiceSearch: Sendable {
    private let target: IrDATarget
    private let station: StationID
    private let operation: String
    private let candidates: [DeviceAddress]

    /// - Throws: WSAENETUNREACH if no device is known.
    init(
        _ target: IrDATarget, on station: StationHandle, of host: StationHost, operation: String
    ) throws(SocketError) {
        self.target = target
        self.station = station.id
        self.operation = operation
        let id = station.id
        candidates = host.assumeIsolated { host in host.knownDevices(of: id).map(\.record.address) }
        guard !candidates.isEmpty else {
            throw SocketError(
                .WSAENETUNREACH, errno: .networkUnreachable, operation: operation, reason: "no device is known",
                advice: "Discover devices first.")
        }
    }

    /// Asks, and connects the endpoint to the device that was found; or fails it.
    func run(for endpoint: StationEndpoint, exclusively: Bool, on host: isolated StationHost) {
        guard candidates.count > 1, case .service(let name) = target else {
            // Whatever the only one offers, the connect itself tells.
            host.connect(
                endpoint, to: target, at: candidates[0], exclusively: exclusively, operation: operation)
            return
        }
        ask(candidates[...], for: name, found: [], endpoint, exclusively, host)
    }

    private func ask(
        _ rest: ArraySlice<DeviceAddress>, for name: IASName, found: [DeviceAddress], _ endpoint: StationEndpoint,
        _ exclusively: Bool, _ host: isolated StationHost, attempt: Int = 1
    ) {
        guard !endpoint.isLeft else { return }
        if let obstacle = host.obstacle(for: operation) { return endpoint.failed(obstacle) }
        guard let next = rest.first else {
            conclude(found, endpoint, exclusively, host)
            return
        }
        host.query("IrDA:TinyTP:LsapSel", of: name, at: next, on: station, for: operation) { host, outcome in
            var found = found
            switch outcome {
            case .success(.success(let entries)) where !entries.isEmpty: found.append(next)
            case .success: break
            case .failure where attempt < Self.attempts:
                // The link before may not be quite gone yet, at one end or the other.
                let before = found
                host.loop.scheduleTask(in: Self.pause) {
                    host.assumeIsolated { host in
                        host.freeLink(on: station) { host in
                            ask(rest, for: name, found: before, endpoint, exclusively, host, attempt: attempt + 1)
                        }
                    }
                }
                return
            case .failure: break  // A device that does not answer offers nothing.
            }
            let nowFound = found
            host.freeLink(on: station) { host in
                ask(rest.dropFirst(), for: name, found: nowFound, endpoint, exclusively, host)
            }
        }
    }

    private static let attempts = 3
    private static let pause = TimeAmount.milliseconds(700)

    private func conclude(
        _ found: [DeviceAddress], _ endpoint: StationEndpoint, _ exclusively: Bool, _ host: isolated StationHost
    ) {
        switch found.count {
        case 0:
            endpoint.failed(
                SocketError(
                    .WSAEADDRNOTAVAIL, errno: .addressNotAvailable, operation: operation,
                    reason: "no device in range offers the service"))
        case 1:
            host.connect(endpoint, to: target, at: found[0], exclusively: exclusively, operation: operation)
        default:
            endpoint.failed(
                SocketError(
                    .WSAEADDRNOTAVAIL, errno: Errno(rawValue: 76), operation: operation,  // ENOTUNIQ
                    reason: "\(found.count) devices offer the service", advice: "Name one of them."))
        }
    }
}

extension StationHost {
    /// Ends a link that nobody uses any more, and goes on when it is down.
    fileprivate func freeLink(on station: StationID, _ next: @escaping @Sendable (isolated StationHost) -> Void) {
        let isUsed =
            programs.keys.contains { $0.station == station } || opening.keys.contains { $0.station == station }
            || queries.keys.contains { $0.station == station }
        guard !isUsed, medium.stack(of: station).peer != nil else {
            next(self)
            return
        }
        linkWaits[station, default: []].append(next)
        medium.tell(station) { $0.disconnectLink(at: $1) }
        tick()
    }
}
