import InternetBackend
import IrDABackend
import SocketBackends
import UnixBackend
import Winsock

/// The one Winsock of a C program. A library for C has no other place for it than a global.
enum Library {
    /// Nil if the process has no room for it; then `WSAStartup` says so.
    static let winsock: Winsock? = try? Winsock(registry: registry())

    /// The families of Windows: the Internet's, AF_UNIX, and AF_IRDA by the kernel or a service (`irsock serve`, `irsock simulate`).
    private static func registry() throws(SocketError) -> AddressFamilyRegistry {
        var backends: [any AddressFamilyBackend] = InternetVersion.allCases.map { InternetBackend(version: $0) }
        backends.append(UnixBackend())
        backends += [KernelProvider(), ServiceProvider()].map { (provider: any IrDAProvider) in
            IrDABackend(provider: provider)
        }
        return try AddressFamilyRegistry(backends)
    }
}

/// Makes a call for C.
///
/// - Parameters:
///   - failure: what the function returns when it fails; the code is then the last error of the thread.
///   - body: the call.
func answering<Answer>(
    orIfItFails failure: Answer, _ body: (Winsock) throws(SocketError) -> Answer
) -> Answer {
    guard let winsock = Library.winsock else { return failure }
    do throws(SocketError) {
        return try body(winsock)
    } catch {
        // The runtime has set it, unless the error is about the program's memory.
        winsock.setLastError(error.code)
        return failure
    }
}

/// SOCKET_ERROR.
let socketError: Int32 = -1

/// Makes a call for C that returns 0 or SOCKET_ERROR.
func status(_ body: (Winsock) throws(SocketError) -> Void) -> Int32 {
    answering(orIfItFails: socketError) { winsock throws(SocketError) in
        try body(winsock)
        return 0
    }
}

/// Makes a call for C that returns TRUE or FALSE.
func truth(_ body: (Winsock) throws(SocketError) -> Void) -> Int32 {
    answering(orIfItFails: 0) { winsock throws(SocketError) in
        try body(winsock)
        return 1
    }
}
