import SocketBackends
import SystemPackage

/// From Winsock's words back to Linux's, as a kernel with AF_IRDA answered.
enum LinuxError {
    /// Runs a request; its error is that of Linux where the service tells one, and else the nearest.
    static func translating<Value: ~Copyable>(
        _ request: () throws(SocketError) -> Value
    ) throws(Errno) -> Value {
        do throws(SocketError) {
            return try request()
        } catch {
            throw errno(error)
        }
    }

    /// Where the call does not matter.
    static func errno(_ error: SocketError) -> Errno {
        // What went wrong on the way to the service is none of the program's business.
        if error.code == .WSAENETDOWN { return .networkDown }
        if let errno = error.errno { return errno }
        return switch error.code {
        case .WSAEINTR: .interrupted
        case .WSAEWOULDBLOCK: .resourceTemporarilyUnavailable
        case .WSAEACCES: .notPermitted
        case .WSAEADDRINUSE: .resourceBusy
        case .WSAEADDRNOTAVAIL: .addressNotAvailable
        case .WSAEAFNOSUPPORT: .addressFamilyNotSupported
        case .WSAEFAULT: .badAddress
        case .WSAEHOSTUNREACH, .WSAETIMEDOUT: .noRouteToHost
        case .WSAEINVAL: .invalidArgument
        case .WSAEISCONN: .socketIsConnected
        case .WSAEALREADY: .alreadyInProcess
        case .WSAEMFILE: .tooManyOpenFiles
        case .WSAENETUNREACH: .networkUnreachable
        case .WSAENOBUFS: .noMemory
        case .WSAENOPROTOOPT: .protocolNotAvailable
        case .WSAENOTCONN: .socketNotConnected
        case .WSAENOTSOCK: .notSocket
        case .WSAEOPNOTSUPP: .notSupportedOnSocket
        case .WSAESOCKTNOSUPPORT, .WSAEPROTONOSUPPORT, .WSAEPROTOTYPE: .socketTypeNotSupported
        default: .networkDown
        }
    }

    /// Why a connect to an LSAP-SEL has failed.
    ///
    /// A kernel said ECONNRESET to whatever ended an attempt, EBUSY where the port was linked to another device.
    static func ofConnect(_ error: SocketError) -> Errno {
        switch error.code {
        case .WSAECONNREFUSED, .WSAECONNRESET, .WSAECONNABORTED: .connectionReset
        case .WSAEADDRINUSE: .resourceBusy
        case .WSAETIMEDOUT, .WSAEHOSTUNREACH: .noRouteToHost
        default: errno(error)
        }
    }

    /// Why a device's information base could not be asked: a kernel said EHOSTUNREACH to everything.
    static func ofQuery(_ error: SocketError) -> Errno {
        switch error.code {
        case .WSAEINTR: .interrupted
        case .WSAENOTCONN: .socketNotConnected
        case .WSAENETDOWN: .networkDown
        default: .noRouteToHost
        }
    }
}
