public import SocketBackends

/// A socket of the service, as requests name it. Unlike the descriptor, whose copies it shares, it means the same in every process.
public struct ServiceSocketID: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt64

    /// Names a socket.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// How a socket carries data (facts: Linux socket types over IrDA).
public enum ServiceSocketKind: UInt8, Hashable, Sendable, CaseIterable {
    /// TinyTP without segmentation: a stream of bytes.
    case stream = 1
    /// TinyTP with segmentation and reassembly: messages.
    case sequencedPacket = 2
    /// A TinyTP connection whose data travels unacknowledged, each piece in a frame of its own.
    case unitdata = 3
    /// Connectionless Ultra; no link, no connection.
    case ultra = 4
}

/// What lies between the data of a stream socket and the multiplexer.
public enum ServiceLayer: UInt8, Hashable, Sendable, CaseIterable {
    /// TinyTP.
    case tinyTP = 1
    /// Nothing: every PDU is data (IRLMP_IRLPT_MODE).
    case raw = 2
}

/// What a connection is opened to, or what a socket is bound to.
public enum ServiceTarget: Hashable, Sendable {
    /// A class of the information base whose attribute IrDA:TinyTP:LsapSel leads to the service; the bytes as they travel.
    case name([UInt8])
    /// An LSAP-SEL; for Ultra the protocol identifier.
    case selector(UInt8)
    /// Nothing: the station chooses.
    case unspecified
}

/// Whom a query asks.
public enum ServiceSubject: Hashable, Sendable {
    /// The device with this address.
    case device(UInt32)
    /// The device at the other end of a connected socket.
    case peer(ServiceSocketID)
    /// The station itself; answered at once.
    case ourselves
}

/// A device that was seen.
public struct ServiceDevice: Hashable, Sendable {
    /// The address of the station that saw it.
    public var station: UInt32
    /// The device's own address; changes with every start of the device.
    public var address: UInt32
    /// What it says that it can do: the two hint bytes, the first in the low byte, without extension bits.
    public var hints: UInt16
    /// The character set of the name (IrLMP 1.1, 4.3.3.2.4).
    public var characterSet: UInt8
    /// The name as sent, in that character set.
    public var name: [UInt8]
    /// How long ago it was seen, in milliseconds of the medium's time.
    public var age: UInt32

    /// Describes a device.
    public init(station: UInt32, address: UInt32, hints: UInt16, characterSet: UInt8, name: [UInt8], age: UInt32) {
        self.station = station
        self.address = address
        self.hints = hints
        self.characterSet = characterSet
        self.name = name
        self.age = age
    }
}

/// What an information base says of an attribute, or what it is told to say.
public enum ServiceAttribute: Hashable, Sendable {
    /// There is no such class.
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

/// Both ends of a socket.
public struct ServiceSocketNames: Hashable, Sendable {
    /// One end.
    public struct End: Hashable, Sendable {
        /// The address of the device.
        public var device: UInt32
        /// What the socket was bound or connected to there; its selector where there was no name.
        public var target: ServiceTarget
        /// The LSAP-SEL; zero where none is known.
        public var selector: UInt8

        /// Describes an end.
        public init(device: UInt32, target: ServiceTarget, selector: UInt8 = 0) {
            self.device = device
            self.target = target
            self.selector = selector
        }
    }

    /// Ours.
    public var local: End
    /// The other one; nil without a connection.
    public var peer: End?

    /// Describes a socket.
    public init(local: End, peer: End?) {
        self.local = local
        self.peer = peer
    }
}

/// How much one call can send.
public struct ServiceTransferUnits: Hashable, Sendable {
    /// The most bytes of one PDU on the link (IRLMP_SEND_PDU_LEN).
    public var pduLength: UInt32
    /// The longest message; for a stream, what fits one PDU (IRLMP_MAX_SDU_SIZE).
    public var maximumSDU: UInt32
    /// The bytes that the service has taken from the program and that the peer has not acknowledged yet.
    public var unsent: UInt32

    /// Describes a connection.
    public init(pduLength: UInt32, maximumSDU: UInt32, unsent: UInt32) {
        self.pduLength = pduLength
        self.maximumSDU = maximumSDU
        self.unsent = unsent
    }
}

/// How the last connect of a socket stands.
public enum ServiceConnectOutcome: Hashable, Sendable {
    /// It is under way.
    case pending
    /// There is a connection.
    case connected
    /// There is none, and why.
    case failed(SocketError)
}

/// Who answers at the other end of a control connection.
public struct ServiceIdentity: Hashable, Sendable {
    /// The version of the messages that both sides use.
    public var version: UInt16
    /// The station's name.
    public var station: String
    /// The station's device address.
    public var address: UInt32
    /// What the station is on: `serial:/dev/ttyUSB0`, `simulation`.
    public var medium: String

    /// Describes a service.
    public init(version: UInt16, station: String, address: UInt32, medium: String) {
        self.version = version
        self.station = station
        self.address = address
        self.medium = medium
    }
}
