import SocketBackends
import Testing

@Suite("WSA error codes")
struct WSAErrorCodeTests {
    @Test("a code is printed with its name and number")
    func description() {
        #expect(WSAErrorCode.WSAECONNREFUSED.description == "WSAECONNREFUSED 10061")
        #expect(WSAErrorCode(rawValue: 4711).description == "WSA error 4711")
        #expect(WSAErrorCode(rawValue: 4711).meaning.isEmpty == false)
    }

    @Test(
        "numbers are those of winsock2.h",
        arguments: [
            (WSAErrorCode.NO_ERROR, 0), (.WSA_INVALID_HANDLE, 6), (.WSA_OPERATION_ABORTED, 995), (.WSAEINTR, 10004),
            (.WSAEACCES, 10013), (.WSAEFAULT, 10014), (.WSAEINVAL, 10022), (.WSAEWOULDBLOCK, 10035),
            (.WSAEALREADY, 10037), (.WSAENOTSOCK, 10038), (.WSAEAFNOSUPPORT, 10047), (.WSAEADDRINUSE, 10048),
            (.WSAEADDRNOTAVAIL, 10049), (.WSAENETDOWN, 10050), (.WSAEISCONN, 10056), (.WSAENOTCONN, 10057),
            (.WSAETIMEDOUT, 10060), (.WSANOTINITIALISED, 10093), (.WSA_E_CANCELLED, 10111), (.WSANO_DATA, 11004),
        ] as [(WSAErrorCode, Int32)])
    func numbers(code: WSAErrorCode, number: Int32) {
        #expect(code.rawValue == number)
    }

    @Test("every named code has a name and a meaning of its own")
    func texts() {
        let codes = WSAErrorCode.all
        #expect(codes.count == 69)
        #expect(Set(codes.map(\.name)).count == codes.count)
        #expect(Set(codes.map(\.meaning)).count == codes.count)
        #expect(codes == codes.sorted { $0.rawValue < $1.rawValue })
    }
}
