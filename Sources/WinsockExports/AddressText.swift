import Glibc
import InternetBackend
import SocketBackends
import Synchronization
import Winsock

/// inet_addr: INADDR_NONE for what is no address, and 0 for a single blank, as on Windows.
@c(ws_inet_addr)
public func internetAddress(_ text: UnsafePointer<CChar>?) -> UInt32 {
    guard let text else {
        setLastError(WSAErrorCode.WSAEFAULT.rawValue)
        return .max
    }
    if strcmp(text, " ") == 0 { return 0 }
    var address = in_addr()
    return inet_aton(text, &address) != 0 ? address.s_addr : .max
}

/// inet_pton: 1, 0 for what is no address, -1 for a family without texts.
@c(ws_inet_pton)
public func addressFromText(
    _ family: Int32, _ text: UnsafePointer<CChar>?, _ address: UnsafeMutableRawPointer?
) -> Int32 {
    answering(orIfItFails: -1) { _ throws(SocketError) in
        let version = try version(of: family, for: "read an address")
        guard let text, let address else {
            throw SocketError(.WSAEFAULT, operation: "read an address", reason: "a pointer is NULL")
        }
        return inet_pton(Int32(version.kernelFamily), text, address)
    }
}

/// inet_ntop: `text`, or NULL.
@c(ws_inet_ntop)
public func textFromAddress(
    _ family: Int32, _ address: UnsafeRawPointer?, _ text: UnsafeMutablePointer<CChar>?, _ length: Int
) -> UnsafePointer<CChar>? {
    answering(orIfItFails: nil) { _ throws(SocketError) in
        let version = try version(of: family, for: "print an address")
        guard let text, let address,
            inet_ntop(Int32(version.kernelFamily), address, text, socklen_t(clamping: length)) != nil
        else {
            throw SocketError(
                .WSA_INVALID_PARAMETER, operation: "print an address",
                reason: "a pointer is NULL, or the buffer too short",
                advice: "INET6_ADDRSTRLEN is long enough.")
        }
        return UnsafePointer(text)
    }
}

private func version(of family: Int32, for operation: String) throws(SocketError) -> InternetVersion {
    guard let version = InternetVersion.allCases.first(where: { Int32($0.family.rawValue) == family }) else {
        throw SocketError(
            .WSAEAFNOSUPPORT, operation: operation, reason: "address family \(family) has no such text",
            advice: "AF_INET is 2 and AF_INET6 is 23.")
    }
    return version
}

/// The texts of codes as strings of C, which programs keep for as long as they like.
enum CodeTexts {
    private static let texts = Mutex<[WSAErrorCode: UInt]>([:])

    static func text(of code: WSAErrorCode) -> UnsafeMutablePointer<CChar>? {
        let address = texts.withLock { texts in
            if let known = texts[code] { return known }
            let made = UInt(bitPattern: strdup(code.meaning))
            texts[code] = made
            return made
        }
        return UnsafeMutablePointer(bitPattern: address)
    }
}
