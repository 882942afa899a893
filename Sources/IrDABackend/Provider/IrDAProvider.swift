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
}

/// A device that a discovery has found.
public struct IrDADevice: Hashable, Sendable {
    /// Its address; changes with every start of the device.
    public var id: IrDADeviceID
    /// Its name.
    public var name: String
    /// What it says that it can do: the bits of the two hint bytes, the first in the low byte, without extension bits.
    public var hints: UInt16
    /// The character set of the name (IrLMP 1.1, 4.3.3.2.4).
    public var characterSet: UInt8
    /// The name as sent, in that character set.
    public var rawName: [UInt8]

    /// Describes a device.
    public init(id: IrDADeviceID, name: String, hints: UInt16, characterSet: UInt8, rawName: [UInt8]) {
        self.id = id
        self.name = name
        self.hints = hints
        self.characterSet = characterSet
        self.rawName = rawName
    }
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
