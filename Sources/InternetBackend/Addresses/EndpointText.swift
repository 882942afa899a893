import Glibc
import SocketBackends
import SystemPackage

/// `host:port` as a person writes it, taken apart.
struct EndpointText {
    private let text: String
    private let version: InternetVersion
    private let host: String
    private let service: Service

    private enum Service {
        case port(UInt16)
        case name(String)
    }

    /// Takes the text apart; nothing is looked up yet.
    ///
    /// - Throws: WSAEINVAL with an example.
    init(_ text: String, version: InternetVersion) throws(SocketError) {
        func malformed(_ reason: String) -> SocketError {
            SocketError(
                .WSAEINVAL, operation: Self.operation(text, version), reason: reason,
                advice: "Write host and port, as in \(version.example) or localhost:80.")
        }
        guard !text.utf8.contains(0) else { throw malformed("it contains a NUL") }
        guard let colon = text.lastIndex(of: ":") else { throw malformed("the port is missing") }
        var host = text[..<colon]
        let isBracketed = host.first == "[" && host.last == "]"
        if isBracketed { host = host.dropFirst().dropLast() }
        guard !isBracketed || version == .v6 else { throw malformed("brackets are for IPv6") }
        guard isBracketed || !host.contains(":") else { throw malformed("only the port follows a colon") }
        guard !host.contains("["), !host.contains("]") else { throw malformed("a bracket is out of place") }
        guard !host.isEmpty else { throw malformed("the host is missing") }
        let service = text[text.index(after: colon)...]
        guard !service.isEmpty else { throw malformed("the port is missing") }
        if service.allSatisfy({ $0.isASCII && $0.isNumber }) {
            guard let port = UInt16(service) else { throw malformed("port \(service) is above 65535") }
            self.service = .port(port)
        } else {
            self.service = .name(String(service))
        }
        self.text = text
        self.version = version
        self.host = String(host)
    }

    private static func operation(_ text: String, _ version: InternetVersion) -> String {
        "read '\(text)' as an address of \(version.name)"
    }

    /// Finds the address; asks the name service where the host or the service is a name.
    ///
    /// - Throws: what `WSAErrorCode.init(lookUp:errno:)` makes of the answer.
    func lookUp() throws(SocketError) -> InternetAddress {
        var hints = addrinfo()
        hints.ai_family = Int32(version.kernelFamily)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var results: UnsafeMutablePointer<addrinfo>?
        let status: Int32
        switch service {
        case .port: status = getaddrinfo(host, nil, &hints, &results)
        case .name(let name): status = getaddrinfo(host, name, &hints, &results)
        }
        let lookUpErrno = Errno(rawValue: errno)
        defer { if let results { freeaddrinfo(results) } }
        guard status == 0 else {
            throw SocketError(
                WSAErrorCode(lookUp: status, errno: lookUpErrno), operation: Self.operation(text, version),
                reason: String(cString: gai_strerror(status)),
                advice: "Check the name, or write the address as in \(version.example).")
        }
        var storage = sockaddr_storage()
        if let result = results?.pointee, let found = result.ai_addr {
            withUnsafeMutableBytes(of: &storage) { storage in
                storage.copyMemory(
                    from: UnsafeRawBufferPointer(start: found, count: min(Int(result.ai_addrlen), storage.count)))
            }
        }
        guard let address = InternetAddress(storage, version: version) else {
            throw SocketError(
                .WSANO_DATA, operation: Self.operation(text, version), reason: "the name has no \(version.name) address"
            )
        }
        switch service {
        case .port(let port): return address.with(port: port)
        case .name: return address
        }
    }
}
