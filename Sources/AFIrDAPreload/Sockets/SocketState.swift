import SystemPackage

/// What this process knows of a socket. The service knows more, and is asked for it; another process may have done something with
/// the same socket.
struct SocketState: Sendable {
    enum Phase: Hashable, Sendable {
        /// Neither connected nor listening, as far as is known here.
        case idle
        case listening
        case connecting
        case connected
        /// After `shutdown`.
        case ended
    }

    var phase = Phase.idle
    /// Whether it has a name or an LSAP-SEL of its own.
    var isBound = false
    /// The name of its own class in the information base.
    var ownClass: [UInt8] = []
    /// The LSAP-SEL of this end and of the other one; any where nothing is known.
    var localSelector: UInt8?
    var peerSelector: UInt8?
    /// IRLMP_HINT_MASK_SET.
    var hintMask: UInt16 = 0xFFFF
    /// SO_SNDBUF, until there is a connection: before, the full send buffer is what keeps the descriptor from being writable.
    var sendBufferSize: Int32?
    /// How a connect that nobody waited for has failed, for SO_ERROR and the next connect.
    var pendingError: Errno?
}
