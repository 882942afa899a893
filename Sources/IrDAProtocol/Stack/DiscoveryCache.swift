/// A station that is known from a discovery.
public struct KnownDevice: Hashable, Sendable {
    /// What it said.
    public var record: DiscoveryRecord
    /// When it was heard last.
    public var lastSeen: IrDAInstant
    /// Whether it introduced itself in a discovery of its own, rather than answering ours.
    public var isPassive: Bool
    /// How many discoveries of ours in a row it has not answered.
    var missed = 0
}

/// What is remembered of the stations around (the log of IrLMP 1.1, 3.5.2), with ageing.
///
/// A station is forgotten when it has not been heard for the lifetime, or has missed two discoveries of ours in a row: one may
/// be missed because two stations chose the same slot, or because it was in a discovery of its own.
struct DiscoveryCache: Sendable, Hashable {
    /// Whoever floods the air with names does not fill our memory.
    static let mostDevices = 64
    private static let forgivenMisses = 1

    /// How long a station is remembered without being heard.
    var lifetime: Duration
    private(set) var devices: [KnownDevice] = []

    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    /// A discovery of ours is over.
    ///
    /// - Returns: who answered, each address once, in the order of the answers; of a conflict the last stands.
    mutating func discovered(_ log: [DiscoveryRecord], at now: IrDAInstant) -> [DiscoveryRecord] {
        var found: [DiscoveryRecord] = []
        for record in log {
            note(record, isPassive: false, at: now)
            if let index = found.firstIndex(where: { $0.address == record.address }) {
                found[index] = record
            } else {
                found.append(record)
            }
        }
        let heard = Set(found.map(\.address))
        for index in devices.indices where !heard.contains(devices[index].record.address) {
            devices[index].missed += 1
        }
        devices.removeAll { $0.missed > Self.forgivenMisses }
        return found
    }

    /// A station has been heard.
    mutating func note(_ record: DiscoveryRecord, isPassive: Bool, at now: IrDAInstant) {
        let known = KnownDevice(record: record, lastSeen: now, isPassive: isPassive)
        if let index = devices.firstIndex(where: { $0.record.address == record.address }) {
            devices[index] = known
            return
        }
        if devices.count == Self.mostDevices,
            let oldest = devices.indices.min(by: { devices[$0].lastSeen < devices[$1].lastSeen })
        {
            devices.remove(at: oldest)
        }
        devices.append(known)
    }

    /// A station was heard in a link.
    mutating func heard(_ address: DeviceAddress, at now: IrDAInstant) {
        guard let index = devices.firstIndex(where: { $0.record.address == address }) else { return }
        devices[index].lastSeen = now
        devices[index].missed = 0
    }

    /// While a link was up nobody else could be heard: the time of it does not count.
    mutating func excuse(_ duration: Duration) {
        for index in devices.indices { devices[index].lastSeen = devices[index].lastSeen.advanced(by: duration) }
    }

    /// Forgets whom nobody has heard for too long.
    mutating func expire(at now: IrDAInstant) {
        devices.removeAll { $0.lastSeen.duration(to: now) > lifetime }
    }
}
