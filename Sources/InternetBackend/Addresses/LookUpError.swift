import Glibc
package import SocketBackends
package import SystemPackage

extension WSAErrorCode {
    /// Translates what `getaddrinfo` or `getnameinfo` answers.
    ///
    /// - Parameters:
    ///   - status: the answer, not 0.
    ///   - errno: the error that the call left behind; it counts where the answer refers to it.
    package init(lookUp status: Int32, errno: Errno) {
        self =
            switch status {
            case EAI_NONAME: .WSAHOST_NOT_FOUND
            case EAI_SERVICE: .WSATYPE_NOT_FOUND
            case EAI_AGAIN: .WSATRY_AGAIN
            case EAI_FAIL: .WSANO_RECOVERY
            case -5 /* EAI_NODATA */: .WSANO_DATA
            case -9 /* EAI_ADDRFAMILY: a number of the other family */: .WSAEINVAL
            case -12 /* EAI_OVERFLOW */: .WSAEFAULT
            case EAI_BADFLAGS: .WSAEINVAL
            case EAI_SOCKTYPE: .WSAESOCKTNOSUPPORT
            case EAI_MEMORY: .WSA_NOT_ENOUGH_MEMORY
            case EAI_FAMILY: .WSAEAFNOSUPPORT
            case EAI_SYSTEM: WSAErrorCode(errno)
            default: .WSANO_RECOVERY
            }
    }
}
