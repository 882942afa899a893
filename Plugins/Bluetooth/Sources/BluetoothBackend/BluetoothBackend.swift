import KernelSockets
public import SocketBackends
import SystemPackage

/// AF_BTH on Linux' AF_BLUETOOTH: RFCOMM streams, with the rules that Winsock documents for them (ws2bth.h).
///
/// Without an adapter there are sockets, and connect is WSAENETDOWN (decision D19). A kernel without Bluetooth has no sockets at all.
public struct BluetoothBackend: AddressFamilyBackend {
    private let sockets: RFCOMMSockets
    var calls: BluetoothCalls { sockets.calls }

    /// Serves the family.
    ///
    /// - Parameter calls: what is asked of the system.
    public init(calls: BluetoothCalls = BluetoothCalls()) {
        sockets = RFCOMMSockets(calls: calls)
    }

    /// `bluetooth`.
    public var name: String { sockets.name }
    /// AF_BTH.
    public var family: AddressFamily { .bluetooth }
    /// `bluetooth`.
    public var familyName: String { sockets.familyName }
    /// RFCOMM streams.
    public var catalogue: [CatalogueEntry] { sockets.catalogue }
    /// MSAFD RfComm [Bluetooth].
    public var providerID: ProviderID { sockets.providerID }
    /// Whether the kernel has the family; an adapter may still be missing.
    public var availability: Availability { sockets.availability }

    /// Makes a stream socket; declines if the kernel was built without Bluetooth.
    ///
    /// - Throws: WSAESOCKTNOSUPPORT for other types, WSAEPROTONOSUPPORT for other protocols, WSAEMFILE, WSAENOBUFS.
    public func makeSocket(type: SocketType, protocolNumber: SocketProtocolNumber) throws(SocketError) -> BackendAnswer
    {
        guard let socket = try sockets.makeKernelSocket(type: type, protocolNumber: protocolNumber) else {
            return .declined(reason: "this kernel has no Bluetooth (AF_BLUETOOTH)")
        }
        return .socket(BluetoothSocket(socket))
    }

    /// Reads `(00:11:22:33:44:55):3`; the channel may be a service class, `0x1101`, and the device a name, which is looked for.
    ///
    /// - Throws: WSAEINVAL with an example for anything else; WSAHOST_NOT_FOUND if no device in range has the name; what `inquire` throws.
    public func resolve(_ text: String) throws(SocketError) -> SocketAddress { try sockets.resolve(text) }

    /// Prints what `resolve` reads.
    public func describe(_ address: SocketAddress) -> String { sockets.describe(address) }

    /// Looks for devices in range (WSALookupServiceBegin with LUP_CONTAINERS). Takes as long as is said, and a moment for each name.
    ///
    /// - Parameters:
    ///   - seconds: how long to look, 1 to 60 (SDP_DEFAULT_INQUIRY_SECONDS, SDP_MAX_INQUIRY_SECONDS).
    ///   - flushing: whether devices that are known from before are forgotten first (LUP_FLUSHCACHE).
    /// - Returns: the devices that have answered.
    /// - Throws: WSAEINVAL for another time; WSAENETDOWN without an adapter.
    public func inquire(seconds: Int = 6, flushing: Bool = true) throws(SocketError) -> [BluetoothDevice] {
        try sockets.inquire(seconds: seconds, flushing: flushing)
    }

    /// Asks a device for the channel of a service (WSALookupServiceBegin without LUP_CONTAINERS).
    ///
    /// - Parameters:
    ///   - service: the class of the service.
    ///   - device: the device.
    /// - Returns: the channel of the first such service.
    /// - Throws: WSAEADDRNOTAVAIL if the device has none (rule B4); WSAENETDOWN without an adapter; WSAETIMEDOUT and others from the radio.
    public func channel(of service: ServiceClass, at device: UInt64) throws(SocketError) -> UInt8 {
        try sockets.channel(of: service, at: device)
    }
}
