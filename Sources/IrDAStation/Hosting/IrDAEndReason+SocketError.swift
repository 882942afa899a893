import IrDAProtocol
import SocketBackends
import struct SystemPackage.Errno

extension SocketError {
    /// Why a connection or a query did not come about, in Winsock's words (rules R48, R49, R56, R57).
    init(_ reason: IrDAEndReason, operation: String) {
        switch reason {
        case .noSuchService:
            self.init(
                .WSAECONNREFUSED, errno: .addressNotAvailable, operation: operation,
                reason: "the device offers no such service",
                advice: "Ask it what it offers: irsock query DEVICE CLASS IrDA:TinyTP:LsapSel.")
        case .peer(let reason):
            self.init(
                .WSAECONNREFUSED, errno: .connectionRefused, operation: operation,
                reason: "the device refuses the connection: \(reason)")
        case .link(.noAnswer):
            self.init(
                .WSAETIMEDOUT, errno: .noRouteToHost, operation: operation, reason: "the device does not answer",
                advice:
                    "Bring it into range, facing the port, and discover again: its address changes when it restarts.")
        case .link(.refused), .link(.requested):
            self.init(
                .WSAECONNREFUSED, errno: .connectionRefused, operation: operation, reason: "the device refuses the link"
            )
        case .link(.linkLost):
            self.init(
                .WSAETIMEDOUT, errno: .noRouteToHost, operation: operation,
                reason: "the device has been silent for too long",
                advice: "Bring it back into range.")
        case .link(.mediaBusy), .link(.primaryConflict):
            self.init(
                .WSAENETDOWN, errno: .resourceBusy, operation: operation, reason: "other stations are using the medium",
                advice: "Wait until they are done, or move out of their sight.")
        case .link(.protocolError), .protocolViolation:
            self.init(
                .WSAECONNABORTED, errno: .connectionAbort, operation: operation,
                reason: "the device does not keep to the protocol")
        case .linkToAnotherDevice(let device):
            self.init(
                .WSAEADDRINUSE, errno: .noRouteToHost, operation: operation,
                reason: "the port is connected to another device, \(device)",
                advice: "Close the sockets to that device first.")
        case .overrun:
            self.init(
                .WSAENOBUFS, errno: .noBufferSpace, operation: operation,
                reason: "data came faster than it was read, and nothing could stop it",
                advice: "Read the socket sooner, or use a service over TinyTP.")
        case .noResponse:
            self.init(.WSAETIMEDOUT, errno: .timedOut, operation: operation, reason: "the service does not answer")
        case .race:
            self.init(
                .WSAECONNREFUSED, errno: .connectionRefused, operation: operation,
                reason: "both ends tried to connect at once",
                advice: "Try again.")
        case .exclusiveModeRefused:  // rule R50
            self.init(
                .WSAEISCONN, errno: .resourceBusy, operation: operation,
                reason:
                    "the link cannot be this connection's alone: others use it, or the device does not know the mode",
                advice: "Close the other sockets to the device, or do without IRLMP_EXCLUSIVE_MODE.")
        case .lockedOut:
            self.init(
                .WSAENETDOWN, errno: .resourceBusy, operation: operation,
                reason: "another socket has the link to itself",
                advice: "Close that socket first.")
        case .outOfSelectors:
            self.init(
                .WSAENOBUFS, errno: .noMemory, operation: operation, reason: "every LSAP-SEL of this station is in use")
        }
    }
}

extension IrDAEndReason {
    /// Whether the peer ended the connection in an orderly way; some peers do it by ending the whole link (IrDA Lite 1.0, 3.1).
    var isOrderly: Bool {
        switch self {
        case .peer, .link(.requested): true
        case .link, .linkToAnotherDevice, .noResponse, .noSuchService, .race, .lockedOut, .exclusiveModeRefused,
            .outOfSelectors, .protocolViolation, .overrun:
            false
        }
    }
}

extension SocketError {
    /// Why a service cannot be offered, in Winsock's words.
    init(_ error: IrDAServiceError, operation: String) {
        switch error {
        case .selectorUnavailable(let selector?):
            self.init(
                .WSAEADDRINUSE, errno: .resourceBusy, operation: operation,
                reason: "LSAP-SEL \(selector.rawValue) is taken or reserved",
                advice: "Choose a free one from 1 to 111, or bind to a name.")
        case .selectorUnavailable(nil):
            self.init(
                .WSAENOBUFS, errno: .noMemory, operation: operation, reason: "every LSAP-SEL of this station is in use")
        case .invalidObject(let error):
            self.init(.WSAEINVAL, errno: .invalidArgument, operation: operation, reason: "\(error)")
        }
    }
}
