public import SocketBackends

/// One way to the infrared port: the kernel, a service that owns it, or a simulated medium in this process.
///
/// The rules of AF_IRDA's sockets are the backend's; a provider discovers, asks and connects, and says how that went in the
/// words of Winsock.
public protocol IrDAProvider: Sendable {
    /// A word for tables: `simulation`, `service`, `kernel`.
    var name: String { get }
    /// Whether there is a port to be had.
    var availability: Availability { get }

    /// Looks for devices. Takes the time of a discovery, about a second.
    ///
    /// - Throws: WSAENETDOWN if somebody else holds the medium.
    func discover() throws(SocketError) -> [IrDADevice]

    /// Asks a device's information base.
    ///
    /// - Throws: as a connect would, if the device cannot be asked.
    func query(_ attribute: String, ofClass className: String, device: IrDADeviceID) throws(SocketError) -> IASAnswer

    /// Makes an end for a connection or for a service.
    func makeEndpoint() throws(SocketError) -> any IrDAEndpoint

    /// The kinds of socket that there are; `makeEndpoint()` is for streams.
    var socketKinds: Set<IrDASocketKind> { get }
    /// Makes an end of a kind in `socketKinds`.
    func makeEndpoint(_ kind: IrDASocketKind) throws(SocketError) -> any IrDAEndpoint
    /// The devices that are remembered from earlier discoveries, without a new one.
    func rememberedDevices() throws(SocketError) -> [IrDADevice]
    /// Waits for a device, looking for one meanwhile.
    ///
    /// - Parameters:
    ///   - hints: what it has to offer, any of these bits; 0 for any device.
    ///   - patience: how long to wait.
    /// - Returns: the device; nil if none came.
    func waitForDevice(offering hints: UInt16, for patience: Duration) throws(SocketError) -> IrDADevice?
    /// What this station's own information base says; nothing is sent.
    func ownAttribute(_ attribute: String, ofClass className: String) throws(SocketError) -> IASAnswer
}

/// The provider's half of one socket.
///
/// The other half of its `descriptor` belongs to the station. While nothing is connected the descriptor is not writable;
/// a connect that ends, well or badly, makes it so. A connection to accept makes it readable, as data does.
public protocol IrDAEndpoint: AnyObject, Sendable {
    /// The program's end of the pair.
    var descriptor: SharedDescriptor { get }

    /// Starts to connect. After a failure it may be called again.
    ///
    /// - Parameters:
    ///   - device: the device.
    ///   - service: what to connect to there.
    ///   - exclusively: whether the link is to be this connection's alone; if it cannot be, the outcome is WSAEISCONN.
    func connect(to device: IrDADeviceID, service: IrDAServiceName, exclusively: Bool) throws(SocketError)
    /// How the last connect ended; nil while it goes on.
    var connectOutcome: Result<Void, SocketError>? { get }

    /// Takes a service name, or an LSAP-SEL, for connections from others.
    ///
    /// - Returns: the LSAP-SEL.
    /// - Throws: WSAEADDRINUSE if it is taken, WSAENOBUFS if there is none left.
    func bind(to service: IrDAServiceName) throws(SocketError) -> UInt8
    /// Begins to take connections to the service, `backlog` of them before they are accepted.
    func listen(backlog: Int) throws(SocketError)
    /// Takes a waiting connection; nil if none waits.
    func accept() throws(SocketError) -> (endpoint: any IrDAEndpoint, device: IrDADeviceID)?

    /// The most bytes of one PDU on this connection; nil without one.
    var sendPDULength: Int? { get throws(SocketError) }
    /// Sets an attribute of this station's information base, for as long as the socket is open.
    ///
    /// - Throws: WSAEINVAL if it exceeds a limit of the information base.
    func setAttribute(_ attribute: String, ofClass className: String, to value: IASAnswer) throws(SocketError)

    /// Why the stream has ended, where it was not the peer's orderly close.
    var failure: SocketError? { get }
    /// This station's own device address.
    var localDevice: IrDADeviceID { get }

    /// Gives everything back. Data that the program has written still goes out.
    func close()

    /// How it carries data.
    var kind: IrDASocketKind { get }
    /// Says what the socket is to be, before it connects or is bound.
    ///
    /// - Throws: WSAEOPNOTSUPP if the provider does not know how.
    func apply(_ settings: IrDASocketSettings) throws(SocketError)
    /// How much the connection carries at once; nil without one.
    var transferUnits: IrDATransferUnits? { get throws(SocketError) }
    /// The bytes that the program has written and that the peer has not acknowledged, as far as is known here.
    var unsentCount: Int { get throws(SocketError) }
    /// Sends one Ultra packet under another protocol identifier than the one that the socket is bound to.
    ///
    /// - Throws: WSAEOPNOTSUPP on any other kind of socket, WSAEMSGSIZE if it is too long, WSAEWOULDBLOCK while others wait.
    func sendUltra(_ packet: [UInt8], protocolID: UInt8) throws(SocketError)
    /// Removes an attribute that this socket has set from this station's information base.
    ///
    /// - Throws: WSAEINVAL if there is none.
    func removeAttribute(_ attribute: String, ofClass className: String) throws(SocketError)
    /// Adds bits to what this station says that it can do, for as long as the socket is open.
    func setHints(_ hints: UInt16) throws(SocketError)
}

/// What an information base says of an attribute.
public enum IASAnswer: Hashable, Sendable {
    /// The device has no such class.
    case noSuchClass
    /// The class has no such attribute.
    case noSuchAttribute
    /// An integer.
    case integer(Int32)
    /// An octet sequence, at most 1024 bytes.
    case octets([UInt8])
    /// A string, at most 255 bytes in its character set.
    case string([UInt8], characterSet: UInt8)
}

// A provider of streams alone needs no more than the first half of each protocol.
extension IrDAProvider {
    /// Streams.
    public var socketKinds: Set<IrDASocketKind> { [.stream] }

    /// - Throws: WSAEPROTONOSUPPORT for anything but a stream.
    public func makeEndpoint(_ kind: IrDASocketKind) throws(SocketError) -> any IrDAEndpoint {
        guard kind == .stream else {
            throw SocketError(
                .WSAEPROTONOSUPPORT, operation: "make a socket of irda",
                reason: "the \(name) has stream sockets only")
        }
        return try makeEndpoint()
    }

    /// What a new discovery finds.
    public func rememberedDevices() throws(SocketError) -> [IrDADevice] { try discover() }

    /// - Throws: WSAEOPNOTSUPP, always.
    public func waitForDevice(
        offering hints: UInt16, for patience: Duration
    ) throws(SocketError) -> IrDADevice? { throw .unsupported("wait for a device", by: name) }

    /// - Throws: WSAEOPNOTSUPP, always.
    public func ownAttribute(
        _ attribute: String, ofClass className: String
    ) throws(SocketError) -> IASAnswer { throw .unsupported("read the own information base", by: name) }
}

extension IrDAEndpoint {
    /// A stream.
    public var kind: IrDASocketKind { .stream }

    /// - Throws: WSAEOPNOTSUPP for anything but a plain socket.
    public func apply(_ settings: IrDASocketSettings) throws(SocketError) {
        guard settings == IrDASocketSettings() else { throw .unsupported("use another layer than TinyTP") }
    }

    /// What a PDU holds.
    public var transferUnits: IrDATransferUnits? {
        get throws(SocketError) {
            try sendPDULength.map { IrDATransferUnits(pduLength: $0, sendMessage: $0, receiveMessage: $0) }
        }
    }

    /// What lies in the descriptor, and what the station has taken out of it.
    public var unsentCount: Int {
        get throws(SocketError) { try descriptor.unsentCount() + (transferUnits?.unsent ?? 0) }
    }

    /// - Throws: WSAEOPNOTSUPP, always.
    public func sendUltra(_ packet: [UInt8], protocolID: UInt8) throws(SocketError) {
        throw .unsupported("send an Ultra packet")
    }

    /// - Throws: WSAEOPNOTSUPP, always.
    public func removeAttribute(_ attribute: String, ofClass className: String) throws(SocketError) {
        throw .unsupported("remove an attribute of the information base")
    }

    /// - Throws: WSAEOPNOTSUPP, always.
    public func setHints(_ hints: UInt16) throws(SocketError) { throw .unsupported("set hint bits") }
}

extension SocketError {
    fileprivate static func unsupported(_ operation: String, by provider: String = "provider") -> SocketError {
        SocketError(.WSAEOPNOTSUPP, operation: operation, reason: "the \(provider) of AF_IRDA does not know how")
    }
}

/// The provider of a port that there is not: it declines with a reason, which then stands in tables and in errors.
public struct UnavailableProvider: IrDAProvider {
    /// The name of the provider that is missing.
    public let name: String
    private let reason: String

    /// Stands in for a provider.
    public init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }

    /// Never; with the reason.
    public var availability: Availability { .unavailable(reason: reason) }

    /// - Throws: WSAENETDOWN, always.
    public func discover() throws(SocketError) -> [IrDADevice] { throw failure("discover infrared devices") }

    /// - Throws: WSAENETDOWN, always.
    public func query(
        _ attribute: String, ofClass className: String, device: IrDADeviceID
    ) throws(SocketError) -> IASAnswer { throw failure("ask an infrared device") }

    /// - Throws: WSAENETDOWN, always.
    public func makeEndpoint() throws(SocketError) -> any IrDAEndpoint { throw failure("make a socket of irda") }

    private func failure(_ operation: String) -> SocketError {
        SocketError(.WSAENETDOWN, operation: operation, reason: reason)
    }
}
