import IrDAProtocol
import IrDASimulation
import SocketBackends
import Synchronization
import struct SystemPackage.Errno

/// Somebody who waits for a device.
struct HostedDeviceWait: Hashable, Sendable {
    let station: StationID
    let wait: IrDADeviceWaitID
}

// What stations say of themselves, and who is around.
extension StationHost {
    // MARK: The information base

    /// Sets an attribute of a station's information base, for as long as the socket is open.
    func setAttribute(
        _ attribute: IASAttribute, of className: IASName, for endpoint: StationEndpoint, operation: String
    ) throws(SocketError) {
        let outcome: Result<UInt16, IASError> = medium.with(endpoint.station.id) { stack, _ in
            (Result { () throws(IASError) in try stack.setAttribute(attribute, of: className) }, [])
        }
        switch outcome {
        case .success(let object):
            let owned = OwnedAttribute(className: className, name: attribute.name, object: object)
            endpoint.state.withLock { state in
                state.attributes.removeAll { $0 == owned }
                state.attributes.append(owned)
            }
        case .failure(let error):
            throw SocketError(.WSAEINVAL, errno: .invalidArgument, operation: operation, reason: "\(error)")
        }
    }

    /// Removes an attribute that the socket has set.
    func removeAttribute(
        _ name: IASName, of className: IASName, for endpoint: StationEndpoint, operation: String
    ) throws(SocketError) {
        let owned = endpoint.state.withLock { state -> OwnedAttribute? in
            guard let index = state.attributes.firstIndex(where: { $0.name == name && $0.className == className })
            else { return nil }
            return state.attributes.remove(at: index)
        }
        if let owned {
            medium.tell(endpoint.station.id) { stack, _ in
                _ = stack.removeAttribute(owned.name, from: owned.object)
                return []
            }
            return
        }
        switch medium.stack(of: endpoint.station.id).database.values(className: className, attribute: name) {
        case .success:
            throw SocketError(
                .WSAEACCES, errno: .notPermitted, operation: operation,
                reason: "the attribute is the station's own, or another socket has set it",
                advice: "Remove it through the socket that has set it.")
        case .noSuchClass, .noSuchAttribute, .failed:
            throw SocketError(
                .WSAEINVAL, errno: .invalidArgument, operation: operation, reason: "there is no such attribute")
        }
    }

    // MARK: Hints

    /// Lets a socket add hints to those that the station has by itself, in place of those that it added before.
    func setHints(_ hints: UInt16, for endpoint: StationEndpoint) {
        let station = endpoint.station.id
        endpoint.state.withLock { $0.hints = hints }
        hinting[station, default: [:]][ObjectIdentifier(endpoint)] = hints == 0 ? nil : hints
        let own = ownHints[station] ?? medium.stack(of: station).hints
        ownHints[station] = own
        let all = hinting[station, default: [:]].values.reduce(own.rawValue) { $0 | UInt32($1) }
        medium.tell(station) { stack, _ in
            stack.setHints(ServiceHints(rawValue: all))
            return []
        }
    }

    // MARK: Devices

    /// The devices that are remembered, with the time since they were last heard.
    func knownDevices(of station: StationID) -> [(record: DiscoveryRecord, age: Duration)] {
        let now = medium.now
        return medium.stack(of: station).knownDevices(at: now).map { ($0.record, $0.lastSeen.duration(to: now)) }
    }

    /// Keeps in mind who is around, or no longer, as a kernel does: by a discovery every three seconds while no link is up.
    ///
    /// It begins when what programs want at once is done.
    func setKeepsLooking(_ keepsLooking: Bool, on station: StationID) {
        guard !isClosed else { return }
        catchUp()
        medium.tell(station) {
            $0.setBackgroundDiscovery(
                every: keepsLooking ? IrDAStack.discoveryInterval : nil, after: IrDAStack.discoveryInterval, at: $1)
        }
        tick()
    }

    /// Waits for a device, looking for one meanwhile.
    ///
    /// - Parameter handler: told of the device, or of nothing if none came in time or the station has no port any more.
    /// - Returns: the number of the wait.
    func waitForDevice(
        offering hints: ServiceHints, for patience: Duration, on station: StationID,
        _ handler: @escaping @Sendable (isolated StationHost, DiscoveryRecord?) -> Void
    ) -> HostedDeviceWait {
        catchUp()
        let deadline = medium.now.advanced(by: patience)
        let id = medium.with(station) { $0.waitForDevice(offering: hints, until: deadline, at: $1) }
        let wait = HostedDeviceWait(station: station, wait: id)
        deviceWaits[wait] = handler
        tick()
        return wait
    }

    /// Waits no longer.
    func cancel(_ wait: HostedDeviceWait) {
        deviceWaits[wait] = nil
        medium.tell(wait.station) { stack, _ in stack.cancelWait(wait.wait) }
    }
}
