import Glibc
import SocketBackends
import SystemPackage
import Testing

@testable import InternetBackend

@Suite("What getaddrinfo answers")
struct LookUpCodeTests {
    @Test(
        "each answer has a WSA code",
        arguments: [
            (EAI_NONAME, WSAErrorCode.WSAHOST_NOT_FOUND), (EAI_SERVICE, .WSATYPE_NOT_FOUND),
            (EAI_AGAIN, .WSATRY_AGAIN), (EAI_FAIL, .WSANO_RECOVERY), (-5, .WSANO_DATA), (-9, .WSAEINVAL),
            (EAI_MEMORY, .WSA_NOT_ENOUGH_MEMORY), (EAI_FAMILY, .WSAEAFNOSUPPORT), (EAI_SYSTEM, .WSAEMFILE),
            (-4711, .WSANO_RECOVERY),
        ] as [(Int32, WSAErrorCode)])
    func codes(status: Int32, code: WSAErrorCode) {
        #expect(WSAErrorCode(lookUp: status, errno: .tooManyOpenFiles) == code)
    }
}
