import SocketBackends
import SystemPackage

extension SocketError {
    /// Why a connect or a query of the kernel's AF_IRDA failed, in Winsock's words (rules R49, R56, R57).
    ///
    /// - Parameters:
    ///   - errno: what the kernel said; to a lost device and to a port that is linked to another one it says the same.
    ///   - operation: what was attempted.
    init(kernelConnect errno: Errno, operation: String) {
        switch errno {
        case .addressNotAvailable:
            self.init(
                .WSAECONNREFUSED, errno: errno, operation: operation, reason: "the device offers no such service",
                advice: "Ask it what it offers: irsock query DEVICE CLASS IrDA:TinyTP:LsapSel.")
        case .connectionRefused, .connectionReset:
            self.init(
                .WSAECONNREFUSED, errno: errno, operation: operation, reason: "the device refuses the connection")
        case .resourceBusy:
            self.init(
                .WSAEADDRINUSE, errno: errno, operation: operation, reason: "the port is connected to another device",
                advice: "Close the sockets to that device first.")
        case .noRouteToHost, .networkUnreachable:
            self.init(
                .WSAETIMEDOUT, errno: errno, operation: operation, reason: "the device does not answer",
                advice:
                    "Bring it into range, facing the port, and discover again: its address changes when it restarts.")
        default: self.init(errno, operation: operation)
        }
    }
}
