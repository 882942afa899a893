public import SocketBackends

/// A backend that is to be tested, and what the kit must know of its family: whom it can reach there.
public struct KitSubject: Sendable {
    /// The backend.
    public var backend: any AddressFamilyBackend
    /// Which type of its sockets.
    public var type: SocketType
    /// Whom its sockets can talk to.
    public var peer: Peer
    /// An address at which nobody takes connections, and the code that says so; nil if there is none that could be tried.
    public var refusal: (address: SocketAddress, code: WSAErrorCode)?
    /// The address that is the family's zero, nobody's (rule R10); nil if the family has none.
    public var zero: SocketAddress?
    /// An address from which no answer comes for some seconds, so that an attempt goes on; nil if there is none that could be tried.
    public var silent: SocketAddress?
    /// Addresses as people write them, each of which is to be read, and printed so that it is read as the same.
    public var texts: [String]
    /// What people may write, and is no address.
    public var wrongTexts: [String]

    /// How long anything may take until it counts as broken: nothing that works comes near it.
    public var patience: Duration

    /// Whom the sockets of a family can talk to.
    public enum Peer: Sendable {
        /// Each other: a socket is bound to an address that this makes, always another one, and others reach it by its local address.
        case eachOther(@Sendable () throws(SocketError) -> SocketAddress)
        /// Somebody at this address who sends everything back, and ends the connection when it is ended.
        case echo(SocketAddress)
        /// Nobody here, for this reason: what needs a connection is not tested.
        case nobody(reason: String)
    }

    /// Describes a subject; what is left out is not tested.
    ///
    /// - Parameters:
    ///   - backend: the backend.
    ///   - type: the type of socket.
    ///   - peer: whom the sockets can talk to.
    public init(_ backend: any AddressFamilyBackend, type: SocketType = .stream, peer: Peer) {
        self.backend = backend
        self.type = type
        self.peer = peer
        texts = []
        patience = .seconds(30)
        wrongTexts = [""]
    }

    /// The kind of the sockets; nil if the backend has no such type.
    var kind: CatalogueEntry? { backend.catalogue.first { $0.type == type } }
    var isConnectionOriented: Bool { kind?.isConnectionOriented ?? true }
}
