/// How a socket of AF_IRDA carries data.
public enum IrDASocketKind: Hashable, Sendable, CaseIterable {
    /// SOCK_STREAM: a byte stream over TinyTP. The descriptor is one end of a SOCK_STREAM pair.
    case stream
    /// SOCK_SEQPACKET: messages over TinyTP with segmentation and reassembly. The descriptor is one end of a SOCK_SEQPACKET
    /// pair, so that both readiness and boundaries are true; so are those of the kinds below.
    case messages
    /// SOCK_DGRAM, protocol 0: a connection whose data goes in UI frames, without any promise.
    case unitData
    /// SOCK_DGRAM, protocol 1: Ultra, without a connection; the selector of an address is the protocol identifier.
    case ultra

    /// Whether connect opens a connection over the air.
    public var isConnectionOriented: Bool {
        switch self {
        case .stream, .messages, .unitData: true
        case .ultra: false
        }
    }
}

/// What a socket wants to be before it connects or takes connections.
public struct IrDASocketSettings: Hashable, Sendable {
    /// What lies between the data of a stream socket and the multiplexer.
    public enum Layer: Hashable, Sendable {
        /// TinyTP.
        case tinyTP
        /// Nothing: every PDU is data (IRLMP_IRLPT_MODE). Its service is looked up by IrDA:IrLMP:LsapSel.
        case raw
        /// IrCOMM's cooked framing over TinyTP, control information left out (IRLMP_9WIRE_MODE).
        case nineWire
    }

    /// What lies below the data; only a stream has anything else than TinyTP.
    public var layer = Layer.tinyTP
    /// The longest message in bytes that is taken from the peer; only for messages. With 0 nothing is announced, and a message is
    /// one PDU in either direction (cooked IrCOMM).
    public var maximumMessage: UInt32 = 0xFFFF

    /// A plain socket.
    public init() {}
}

/// How much a connection carries at once.
public struct IrDATransferUnits: Hashable, Sendable {
    /// The most bytes of user data in one PDU on the link (IRLMP_SEND_PDU_LEN).
    public var pduLength: Int
    /// The most bytes of one message to the peer; for a stream, of one PDU.
    public var sendMessage: Int
    /// The most bytes of one message from the peer; for a stream, of one PDU.
    public var receiveMessage: Int
    /// The bytes that the station has taken from the program and that the peer has not acknowledged yet, as far as it knows.
    public var unsent: Int

    /// Describes a connection.
    public init(pduLength: Int, sendMessage: Int, receiveMessage: Int, unsent: Int = 0) {
        self.pduLength = pduLength
        self.sendMessage = sendMessage
        self.receiveMessage = receiveMessage
        self.unsent = unsent
    }
}
