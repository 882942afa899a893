/// How a station stands: what `irsock status` shows.
public struct ServiceStatus: Hashable, Sendable {
    /// The link to another device.
    public struct Link: Hashable, Sendable {
        /// The other device.
        public var peer: UInt32
        /// `primary` or `secondary`.
        public var role: String
        /// In bit/s.
        public var rate: UInt32
        /// The most bytes of one frame to the peer.
        public var dataSize: UInt16
        /// The most frames of one turn to the peer.
        public var window: UInt8

        /// Describes a link.
        public init(peer: UInt32, role: String, rate: UInt32, dataSize: UInt16, window: UInt8) {
            self.peer = peer
            self.role = role
            self.rate = rate
            self.dataSize = dataSize
            self.window = window
        }
    }

    /// A socket of a program.
    public struct Socket: Hashable, Sendable {
        /// Which.
        public var id: ServiceSocketID
        /// The process that has made it.
        public var process: Int32
        /// How it carries data.
        public var kind: ServiceSocketKind
        /// `fresh`, `bound`, `listening`, `connecting`, `connected` or `ended`.
        public var state: String
        /// Its ends, as far as they are known.
        public var names: ServiceSocketNames
        /// Bytes from the peer.
        public var received: UInt64
        /// Bytes from the program.
        public var sent: UInt64

        /// Describes a socket.
        public init(
            id: ServiceSocketID, process: Int32, kind: ServiceSocketKind, state: String, names: ServiceSocketNames,
            received: UInt64, sent: UInt64
        ) {
            self.id = id
            self.process = process
            self.kind = kind
            self.state = state
            self.names = names
            self.received = received
            self.sent = sent
        }
    }

    /// Something that is counted.
    public struct Counter: Hashable, Sendable {
        /// What.
        public var name: String
        /// How many.
        public var value: UInt64

        /// A count.
        public init(name: String, value: UInt64) {
            self.name = name
            self.value = value
        }
    }

    /// Who answers.
    public var identity: ServiceIdentity
    /// Why the port cannot be used at present; empty if it can.
    public var trouble: String
    /// The link; nil if there is none.
    public var link: Link?
    /// The devices that are known.
    public var devices: [ServiceDevice]
    /// The sockets of all programs; the first 256.
    public var sockets: [Socket]
    /// The processes that are attached.
    public var clients: UInt32
    /// What has been counted since the start.
    public var counters: [Counter]

    /// Describes a station.
    public init(
        identity: ServiceIdentity, trouble: String, link: Link?, devices: [ServiceDevice], sockets: [Socket],
        clients: UInt32, counters: [Counter]
    ) {
        self.identity = identity
        self.trouble = trouble
        self.link = link
        self.devices = devices
        self.sockets = sockets
        self.clients = clients
        self.counters = counters
    }
}

/// A rule of a simulated medium that makes something go wrong.
public struct ServiceFault: Hashable, Sendable {
    /// What `irsock fault remove` calls it.
    public var number: UInt32
    /// The rule, as `irsock fault add` takes it.
    public var rule: String

    /// Describes a fault.
    public init(number: UInt32, rule: String) {
        self.number = number
        self.rule = rule
    }
}

extension ServiceStatus.Link: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(peer)
        message.put(role)
        message.put(rate)
        message.put(dataSize)
        message.put(window)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(
            peer: try message.number(), role: try message.text(), rate: try message.number(),
            dataSize: try message.number(), window: try message.number())
    }
}

extension ServiceStatus.Socket: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(id)
        message.put(process)
        message.put(kind)
        message.put(state)
        message.put(names)
        message.put(received)
        message.put(sent)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(
            id: try message.field(), process: try message.number(), kind: try message.field(),
            state: try message.text(), names: try message.field(), received: try message.number(),
            sent: try message.number())
    }
}

extension ServiceStatus.Counter: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(name)
        message.put(value)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(name: try message.text(), value: try message.number())
    }
}

extension ServiceStatus: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(identity)
        message.put(trouble)
        message.put(link)
        message.put(devices)
        message.put(sockets)
        message.put(clients)
        message.put(counters)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(
            identity: try message.field(), trouble: try message.text(), link: try message.optional(),
            devices: try message.list(), sockets: try message.list(), clients: try message.number(),
            counters: try message.list())
    }
}

extension ServiceFault: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(number)
        message.put(rule)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(number: try message.number(), rule: try message.text())
    }
}
