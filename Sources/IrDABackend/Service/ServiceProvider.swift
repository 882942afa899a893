public import IrDAService
public import SocketBackends
import Synchronization

/// AF_IRDA on a station that a service shares among programs.
public struct ServiceProvider: IrDAProvider {
    private let connection: Connection

    /// Finds the service anew until there is one.
    private final class Connection: Sendable {
        let directory: ServiceDirectory
        let station: String?
        private let found = Mutex<ServiceClient?>(nil)

        init(_ directory: ServiceDirectory, station: String?) {
            self.directory = directory
            self.station = station
        }

        func client() throws(SocketError) -> ServiceClient {
            if let client = found.withLock({ $0 }) { return client }
            let client = try ServiceClient(path: directory.chooseSocket(station: station))
            _ = try client.identity()
            return found.withLock { found in
                let first = found ?? client
                found = first
                return first
            }
        }
    }

    /// Uses the service of a station.
    ///
    /// - Parameters:
    ///   - station: its name; nil for the one in `$IRSOCK_STATION`, or the only one.
    ///   - directory: where services listen.
    public init(station: String? = nil, directory: ServiceDirectory = .standard) {
        connection = Connection(directory, station: station)
    }

    /// `service`.
    public var name: String { "service" }

    /// Whether a service answers.
    public var availability: Availability {
        do throws(SocketError) {
            _ = try connection.client().identity()
            return .available
        } catch {
            return .unavailable(reason: error.reason)
        }
    }

    /// Looks for devices.
    public func discover() throws(SocketError) -> [IrDADevice] {
        try connection.client().discover().wait().map(IrDADevice.init)
    }

    /// The devices that the station remembers.
    public func rememberedDevices() throws(SocketError) -> [IrDADevice] {
        try connection.client().knownDevices().map(IrDADevice.init)
    }

    /// Waits for a device, looking for one meanwhile.
    public func waitForDevice(offering hints: UInt16, for patience: Duration) throws(SocketError) -> IrDADevice? {
        let (seconds, attoseconds) = patience.components
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        let whole = milliseconds.overflow ? Int64.max / 2 : milliseconds.partialValue
        do throws(SocketError) {
            return try connection.client().awaitDevice(
                hints: hints == 0 ? 0xFFFF : hints,
                milliseconds: UInt32(clamping: whole + attoseconds / 1_000_000_000_000_000)
            ).wait().first.map(IrDADevice.init)
        } catch  where error.code == .WSAETIMEDOUT {
            return nil
        }
    }

    /// Asks a device's information base.
    public func query(
        _ attribute: String, ofClass className: String, device: IrDADeviceID
    ) throws(SocketError) -> IASAnswer {
        do throws(SocketError) {
            return IASAnswer(
                try connection.client().query(
                    Array(attribute.utf8), ofClass: Array(className.utf8), of: .device(device.rawValue)
                ).wait())
        } catch {
            var error = error
            error.operation = "ask \(device) for \(attribute) of \(className)"
            throw error
        }
    }

    /// What the station's own information base says.
    public func ownAttribute(_ attribute: String, ofClass className: String) throws(SocketError) -> IASAnswer {
        IASAnswer(
            try connection.client().localAttribute(Array(attribute.utf8), ofClass: Array(className.utf8)))
    }

    /// All of them.
    public var socketKinds: Set<IrDASocketKind> { Set(IrDASocketKind.allCases) }

    /// Makes a stream socket.
    public func makeEndpoint() throws(SocketError) -> any IrDAEndpoint { try makeEndpoint(.stream) }

    /// Makes a socket of any kind.
    public func makeEndpoint(_ kind: IrDASocketKind) throws(SocketError) -> any IrDAEndpoint {
        let client = try connection.client()
        let identity = try client.identity()
        return ServiceEndpoint(
            try client.open(ServiceSocketKind(kind)), kind: kind, client: client,
            localDevice: IrDADeviceID(rawValue: identity.address))
    }
}

extension IrDADevice {
    /// A device as the service tells of it.
    package init(_ device: ServiceDevice) {
        self.init(
            id: IrDADeviceID(rawValue: device.address), hints: device.hints, characterSet: device.characterSet,
            rawName: device.name)
    }
}

extension IASAnswer {
    init(_ attribute: ServiceAttribute) {
        switch attribute {
        case .noSuchClass: self = .noSuchClass
        case .noSuchAttribute: self = .noSuchAttribute
        case .integer(let number): self = .integer(number)
        case .octets(let octets): self = .octets(octets)
        case .string(let text, let characterSet): self = .string(text, characterSet: characterSet)
        }
    }
}

extension ServiceAttribute {
    init(_ answer: IASAnswer) {
        switch answer {
        case .noSuchClass: self = .noSuchClass
        case .noSuchAttribute: self = .noSuchAttribute
        case .integer(let number): self = .integer(number)
        case .octets(let octets): self = .octets(octets)
        case .string(let text, let characterSet): self = .string(text, characterSet: characterSet)
        }
    }
}

extension ServiceSocketKind {
    init(_ kind: IrDASocketKind) {
        switch kind {
        case .stream: self = .stream
        case .messages: self = .sequencedPacket
        case .unitData: self = .unitdata
        case .ultra: self = .ultra
        }
    }
}
