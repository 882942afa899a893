/// One socket of a family, as its backend sees it.
///
/// No call waits for the peer: what cannot be done now throws WSAEWOULDBLOCK, and a connect that needs time answers `pending`.
/// Whoever wants to wait polls `descriptor`, whose readiness is always true: it turns writable when a connect ends, well or
/// badly, and readable when there is data, an end, an error, or a connection to accept. So one way of waiting serves every family.
///
/// The runtime above has already seen to the states that are common to all families (listening, connecting, connected) and to
/// the length of addresses; the backend checks the rest (rules R8 to R11, R21, R47 to R57).
public protocol BackendSocket: AnyObject, Sendable {
    /// What kind of socket this is.
    var kind: CatalogueEntry { get }
    /// The descriptor to poll. Closed by `close`, once nobody uses it any more.
    var descriptor: SharedDescriptor { get }

    /// Gives the socket a local address.
    func bind(to address: SocketAddress) throws(SocketError)
    /// Starts to take connections; `backlog` is how many may wait to be accepted.
    func listen(backlog: Int) throws(SocketError)
    /// Takes a waiting connection.
    ///
    /// - Throws: WSAEWOULDBLOCK if none waits.
    func accept() throws(SocketError) -> AcceptedConnection
    /// Starts a connection, or sets a datagram socket's peer.
    ///
    /// May be called again after a failure: it then starts afresh (rule R33).
    func connect(to address: SocketAddress) throws(SocketError) -> ConnectProgress
    /// Says how a pending connect ended, once the descriptor has turned writable. May be called again.
    ///
    /// - Throws: the reason for the failure; WSAEWOULDBLOCK if it is not over yet.
    func finishConnect() throws(SocketError)
    /// Sends what there is room for; answers how many bytes were taken.
    func send(_ bytes: RawSpan, flags: MessageFlags) throws(SocketError) -> Int
    /// Sends one datagram to a given address.
    func send(_ bytes: RawSpan, to address: SocketAddress, flags: MessageFlags) throws(SocketError) -> Int
    /// Receives what is there; 0 is the end of the stream.
    func receive(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> Int
    /// Receives one datagram and says where it came from.
    func receiveFrom(into buffer: inout MutableRawSpan, flags: MessageFlags) throws(SocketError) -> ReceivedDatagram
    /// Ends one direction, or both.
    func shutdown(_ direction: ShutdownDirection) throws(SocketError)
    /// The local address; WSAEINVAL while the socket is not bound.
    func localAddress() throws(SocketError) -> SocketAddress
    /// The peer's address; WSAENOTCONN without one.
    func peerAddress() throws(SocketError) -> SocketAddress
    /// Reads an option. `buffer` is what the caller's memory holds: its length is the room, and some options read it.
    ///
    /// May take as long as the family takes to find out (IRLMP_ENUMDEVICES, IRLMP_IAS_QUERY).
    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8]
    /// Sets an option.
    func setOption(_ option: SocketOption, to value: [UInt8]) throws(SocketError)
    /// How many bytes were sent that the peer has not acknowledged yet; at least, whether there are any.
    ///
    /// A family need not say more than its descriptor does (SIOCOUTQ), which is the default.
    func unsentCount() throws(SocketError) -> Int
    /// Ends everything and gives the descriptor back. Later calls do nothing.
    func close()
}

extension BackendSocket {
    /// What the kernel has of it.
    public func unsentCount() throws(SocketError) -> Int { try descriptor.unsentCount() }
}

/// How far a connect has come.
public enum ConnectProgress: Hashable, Sendable {
    /// It is done.
    case connected
    /// It goes on; the descriptor turns writable when it ends.
    case pending
    /// The address was zero: the datagram socket has no peer any more (rule R42).
    case dissolved
}

/// A connection that was waiting to be accepted.
public struct AcceptedConnection: Sendable {
    /// The connected socket.
    public var socket: any BackendSocket
    /// Who connected.
    public var peer: SocketAddress

    /// Pairs the two.
    public init(socket: any BackendSocket, peer: SocketAddress) {
        self.socket = socket
        self.peer = peer
    }
}

/// A datagram that was received.
public struct ReceivedDatagram: Hashable, Sendable {
    /// The bytes that were put in the buffer.
    public var count: Int
    /// Whether the datagram was longer than the buffer; the rest of it is lost (WSAEMSGSIZE).
    public var isTruncated: Bool
    /// Who sent it; nil where the family does not tell.
    public var source: SocketAddress?

    /// Describes a datagram.
    public init(count: Int, isTruncated: Bool, source: SocketAddress?) {
        self.count = count
        self.isTruncated = isTruncated
        self.source = source
    }
}
