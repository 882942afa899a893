public import IrDAProtocol

/// A room as it is at the start: how far light reaches in it, the station of whoever uses it, and the devices around.
///
/// A scenario is a plain value; `makeSimulation(seed:)` makes the room. It can be written in code or read from a file
/// with ``ScenarioFile``.
public struct Scenario: Hashable, Sendable {
    /// The most devices of a scenario; a discovery has 16 slots at most (IrLAP 1.1, 6.13), so more only collide.
    public static let maximumDevices = 64

    /// How far light reaches, in metres; IrPHY asks for 1 m of every device (IrPHY 1.4, 3.1).
    public var range: Double
    /// The probability that a received bit is wrong, 0 to 1.
    public var bitErrorRate: Double
    /// What all that is random follows from; nil leaves it to whoever makes the simulation.
    public var seed: UInt64?
    /// The local station, which programs use.
    public var station: Station
    /// The other stations.
    public var devices: [Device]
    /// What goes wrong from the start.
    public var faults: [Fault]

    /// A scenario from its parts.
    public init(
        range: Double = 1, bitErrorRate: Double = 0, seed: UInt64? = nil, station: Station = Station(),
        devices: [Device] = [], faults: [Fault] = []
    ) {
        self.range = range
        self.bitErrorRate = bitErrorRate
        self.seed = seed
        self.station = station
        self.devices = devices
        self.faults = faults
    }
}

extension Scenario {
    /// What a station is and where it stands.
    public struct Station: Hashable, Sendable {
        /// Its name, unique in the room; cut for the discovery, whole in the information base.
        public var name: String
        /// Its device address; nil draws one from the seed.
        public var address: DeviceAddress?
        /// What it says in the discovery that it can do.
        public var hints: ServiceHints
        /// Where it stands, in metres.
        public var position: Position
        /// What it announces when a link is set up.
        public var parameters: NegotiationParameters

        /// A station from its parts.
        public init(
            name: String = "IrSock", address: DeviceAddress? = nil, hints: ServiceHints = .computer,
            position: Position = Position(), parameters: NegotiationParameters = .standard
        ) {
            self.name = name
            self.address = address
            self.hints = hints
            self.position = position
            self.parameters = parameters
        }
    }

    /// A station that offers services.
    public struct Device: Hashable, Sendable {
        /// What it is and where it stands.
        public var station: Station
        /// What it offers.
        public var services: [Service]
        /// What else is in its information base.
        public var objects: [Object]

        /// A device from its parts.
        public init(
            name: String, address: DeviceAddress? = nil, hints: ServiceHints = [], position: Position = Position(),
            parameters: NegotiationParameters = .standard, services: [Service] = [], objects: [Object] = []
        ) {
            station = Station(
                name: name, address: address, hints: hints, position: position, parameters: parameters)
            self.services = services
            self.objects = objects
        }
    }

    /// A TinyTP service of a device.
    public struct Service: Hashable, Sendable {
        /// The class that peers look for; nil for a service that is known by its selector only.
        public var className: IASName?
        /// The LSAP-SEL, 01 to 6F; nil takes an unused one.
        public var selector: LSAPSelector?
        /// What it does with its connections.
        public var behaviour: ServiceBehaviour
        /// Further attributes of its object in the information base.
        public var attributes: [IASAttribute]

        /// A service from its parts.
        public init(
            className: IASName?, selector: LSAPSelector? = nil, behaviour: ServiceBehaviour,
            attributes: [IASAttribute] = []
        ) {
            self.className = className
            self.selector = selector
            self.behaviour = behaviour
            self.attributes = attributes
        }
    }

    /// An object of a device's information base that is no service, for instance its PnP description.
    ///
    /// One of class `Device` adds attributes to what the device says about itself.
    public struct Object: Hashable, Sendable {
        /// The class.
        public var className: IASName
        /// The attributes.
        public var attributes: [IASAttribute]

        /// An object from its parts.
        public init(className: IASName, attributes: [IASAttribute]) {
            self.className = className
            self.attributes = attributes
        }
    }
}
