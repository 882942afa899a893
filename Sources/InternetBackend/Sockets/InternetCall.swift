import SocketBackends
import SystemPackage

/// The calls in which a Linux error means something of its own; everything else is translated by the common table.
enum InternetCall {
    /// A port that was asked for by number; and whether the socket itself was willing to share it.
    case bind(AddressSharing)
    /// A port of the system's choice.
    case choosePort
    case accept
    case connect
    case send
    case receive

    /// Translates the error of this call.
    func code(for error: Errno, isStream: Bool) -> WSAErrorCode {
        switch self {
        case .bind(let sharing):
            switch error {
            // Whoever wants to share, and may not, is told that it is not permitted; the others that the port is taken.
            case .addressInUse: sharing == .shared ? .WSAEACCES : .WSAEADDRINUSE
            default: WSAErrorCode(error)
            }
        case .choosePort:
            switch error {
            // No port was asked for, and none is left.
            case .addressInUse, .resourceTemporarilyUnavailable: .WSAENOBUFS
            default: WSAErrorCode(error)
            }
        case .accept:
            switch error {
            // The connection that waited is gone.
            case .connectionAbort: .WSAECONNRESET
            default: WSAErrorCode(error)
            }
        case .connect:
            switch error {
            // Rule R13: the local half was committed only now, and is taken.
            case .addressNotAvailable: .WSAEADDRINUSE
            // No local port is left (rule R16).
            case .resourceTemporarilyUnavailable: .WSAENOBUFS
            // A blackhole route: the address has been checked, so that nothing else in the call can be invalid (rule R17).
            case .invalidArgument: .WSAENETUNREACH
            default: WSAErrorCode(error)
            }
        case .send:
            switch error {
            // The socket's own shutdown of a stream is the runtime's business: what is left here is a peer that is gone.
            case .brokenPipe: isStream ? .WSAECONNRESET : .WSAESHUTDOWN
            case .addressRequired: .WSAENOTCONN
            case .connectionRefused: .WSAECONNRESET
            default: WSAErrorCode(error)
            }
        case .receive:
            switch error {
            // Datagrams: an earlier one met a closed port.
            case .connectionRefused: .WSAECONNRESET
            default: WSAErrorCode(error)
            }
        }
    }
}
