import SocketBackends
import SystemPackage
import Testing

@testable import IrDABackend

/// The kernel's errors of connecting and asking, in Winsock's words.
struct KernelErrorTests {
    static let rows: [(Errno, WSAErrorCode)] = [
        (.addressNotAvailable, .WSAECONNREFUSED),  // R56
        (.connectionRefused, .WSAECONNREFUSED),
        (.connectionReset, .WSAECONNREFUSED),
        (.resourceBusy, .WSAEADDRINUSE),  // R49
        (.noRouteToHost, .WSAETIMEDOUT),  // R57
        (.networkUnreachable, .WSAETIMEDOUT),
        (.networkDown, .WSAENETDOWN),
        (.socketIsConnected, .WSAEISCONN),
        (.invalidArgument, .WSAEINVAL),
        (.badFileDescriptor, .WSAENOTSOCK),
    ]

    @Test(arguments: rows) func translatesConnect(_ errno: Errno, _ code: WSAErrorCode) {
        let error = SocketError(kernelConnect: errno, operation: "connect")
        #expect(error.code == code)
        #expect(error.errno == errno)
    }

    @Test func declinesWithAReason() {
        // The kernels that run these tests have no AF_IRDA; one that has would be available.
        switch KernelProvider().availability {
        case .available: break
        case .unavailable(let reason): #expect(reason.contains("has no AF_IRDA"))
        }
    }
}
