import SocketBackends

/// How a socket stands at a moment: what `select`, `WSAPoll` and the network events are worked out from.
///
/// The bits of poll(2) alone do not tell: a socket that never tried to connect, a failed connect and a reset connection look alike.
struct SocketCondition: Hashable, Sendable {
    /// What kind of readiness can be expected of the socket at all.
    enum Phase: Hashable, Sendable {
        /// No connection, and none on the way.
        case idle
        case connecting
        case connected
        case listening
        case datagram(isBound: Bool)
    }

    /// What receiving, or accepting, would meet.
    enum Arrival: Hashable, Sendable {
        case nothing
        /// Data, or a connection to accept.
        case something
        /// The end of the stream, in order or with an error.
        case end(WSAErrorCode)
    }

    var phase: Phase
    var arrival = Arrival.nothing
    /// There is room to send.
    var hasRoom = false
    /// There is urgent data that is not in line with the rest.
    var hasUrgentData = false
    /// The descriptor has an error or is hung up; it cannot be watched for anything else any more.
    var isBroken = false
    /// The latest attempt to connect failed.
    var hasFailedConnect = false
}

extension ConnectLifecycle {
    /// The phase, for a socket that has a local address or not.
    func phase(isBound: Bool) -> SocketCondition.Phase {
        switch state {
        case .unconnected, .starting, .failed, .openingListener, .abandoned: .idle
        case .connecting: .connecting
        case .connected: .connected
        case .listening: .listening
        case .datagram: .datagram(isBound: isBound)
        }
    }

    /// Whether `select` shows a failed attempt: until a new one starts (rule R33), and on a listener still (decision D22).
    var hasFailedConnect: Bool {
        switch state {
        case .failed: true
        case .listening: latestAttemptFailed
        case .unconnected, .starting, .connecting, .connected, .openingListener, .datagram, .abandoned: false
        }
    }
}
