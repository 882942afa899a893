public import SocketBackends

/// What WSAConnect takes beyond the address.
public struct ConnectExtras: Hashable, Sendable {
    /// Data to go with the connect (lpCallerData).
    public var callerData: [UInt8]
    /// Whether a quality of service is asked for (lpSQOS).
    public var asksForServiceQuality: Bool
    /// Whether one is asked for a group of sockets (lpGQOS), which is reserved.
    public var asksForGroupQuality: Bool

    /// Asks for what is named.
    public init(callerData: [UInt8] = [], asksForServiceQuality: Bool = false, asksForGroupQuality: Bool = false) {
        self.callerData = callerData
        self.asksForServiceQuality = asksForServiceQuality
        self.asksForGroupQuality = asksForGroupQuality
    }

    /// These checks come after those of the socket's state.
    func check(for kind: CatalogueEntry, operation: String) throws(SocketError) {
        guard !asksForGroupQuality else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "a quality of service of a group is asked for",
                advice: "The parameter is reserved and must be NULL.")
        }
        guard !asksForServiceQuality else {
            throw SocketError(
                .WSAEOPNOTSUPP, operation: operation, reason: "\(kind.transport) has no quality of service")
        }
        // Without connections it is left out of account.
        guard callerData.isEmpty || !kind.isConnectionOriented else {
            throw SocketError(
                .WSAEPROTONOSUPPORT, operation: operation, reason: "\(kind.transport) carries no data with a connect",
                advice: "Send it afterwards, or use ConnectEx.")
        }
    }
}

extension Winsock {
    /// Opens a connection, or sets the peer of a datagram socket, and may ask for more than `connect` (WSAConnect).
    ///
    /// - Returns: the data that came from the peer with the connect (lpCalleeData): none, because no family carries any.
    /// - Throws: as `connect(_:to:)`; WSAEINVAL for a group's quality of service, WSAEOPNOTSUPP for a socket's; WSAEPROTONOSUPPORT for data on
    ///   a connection.
    @discardableResult
    public func connect(
        _ handle: SocketHandle, to address: @autoclosure () throws(SocketError) -> SocketAddress,
        with extras: ConnectExtras
    ) throws(SocketError) -> [UInt8] {
        func operation() -> String { "connect \(handle)" }
        let kind = try call(operation(), on: handle) { socket in socket.kind }
        try connect(
            handle,
            to: { () throws(SocketError) in
                try extras.check(for: kind, operation: operation())
                return try address()
            }())
        return []
    }
}
