public import SocketBackends

// For those who look after a service.
extension ServiceClient {
    /// How the station stands.
    ///
    /// - Throws: WSAENETDOWN if the service is away.
    public func status() throws(SocketError) -> ServiceStatus {
        try ask(.status, for: "ask for the status") { if case .status(let status) = $0 { status } else { nil } }
    }

    /// The faults of the simulated medium.
    ///
    /// - Throws: WSAEOPNOTSUPP if the station is on a real port, WSAENETDOWN if the service is away.
    public func faults() throws(SocketError) -> [ServiceFault] {
        try ask(.faults, for: "list faults", Self.faults)
    }

    /// Makes something go wrong on the simulated medium.
    ///
    /// - Parameter rule: what, as `irsock fault add --help` explains.
    /// - Returns: the faults after it; the new one is the last.
    /// - Throws: WSAEINVAL if the rule makes no sense, WSAEOPNOTSUPP if the station is on a real port, WSAENETDOWN if the service is
    ///   away.
    public func addFault(_ rule: String) throws(SocketError) -> [ServiceFault] {
        try ask(.addFault(rule), for: "add a fault", Self.faults)
    }

    /// Takes a fault away.
    ///
    /// - Throws: WSAEINVAL if there is no such fault, WSAEOPNOTSUPP if the station is on a real port, WSAENETDOWN if the
    ///   service is away.
    public func removeFault(_ number: UInt32) throws(SocketError) {
        try tell(.removeFault(number), for: "remove a fault")
    }

    private static func faults(_ reply: ServiceReply) -> [ServiceFault]? {
        if case .faults(let faults) = reply { faults } else { nil }
    }
}
