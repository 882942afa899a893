/// In which sets of `select` a socket belongs.
struct SelectConditions: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let read = Self(rawValue: 1)
    static let write = Self(rawValue: 2)
    static let except = Self(rawValue: 4)
}

extension SocketCondition {
    /// The sets to which the socket belongs as it stands.
    var selectConditions: SelectConditions {
        var conditions: SelectConditions = []
        switch phase {
        case .idle, .connecting:
            break  // other than in Linux, a socket that is not connected is never ready
        case .connected, .datagram:
            if arrival != .nothing { conditions.insert(.read) }
            if hasRoom { conditions.insert(.write) }  // rule R29
            if hasUrgentData { conditions.insert(.except) }
        case .listening:
            if arrival != .nothing { conditions.insert(.read) }
        }
        if hasFailedConnect { conditions.insert(.except) }  // rule R30, decision D22
        return conditions
    }
}
