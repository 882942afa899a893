import Foundation
import Testing

/// What the headers declare, and what the library has.
enum Symbols {
    /// The symbols that a program gets which calls the functions of the headers.
    static var declared: Set<String> {
        get throws {
            var symbols: Set<String> = []
            for header in ["winsock2.h", "ws2tcpip.h", "windows.h", "irsock/windef.h"] {
                let text = try String(contentsOf: CProgram.headers.appending(path: header), encoding: .utf8)
                guard let begin = text.range(of: "IRSOCK_EXTERN_C_BEGIN\n", options: .backwards),
                    let end = text.range(of: "IRSOCK_EXTERN_C_END\n", options: .backwards)
                else { continue }
                for declaration in text[begin.upperBound..<end.lowerBound].split(separator: ";") {
                    guard let match = declaration.firstMatch(of: /(?m)^(?!#|static|typedef|\s|\/)[\w \*]*?[ \*](\w+)\(/)
                    else { continue }
                    symbols.insert((declaration.contains("IRSOCK_SYMBOL") ? "ws_" : "") + match.1)
                }
            }
            return symbols
        }
    }

    /// Conversions that the C library has with the same meaning.
    static let ofTheCLibrary: Set<String> = ["htons", "ntohs", "htonl", "ntohl", "inet_ntoa"]

    /// What the rest of a process calls the C library by.
    static let dangerous: Set<String> = [
        "socket", "bind", "listen", "accept", "connect", "shutdown", "send", "sendto", "recv", "recvfrom",
        "getsockname",
        "getpeername", "getsockopt", "setsockopt", "select", "poll", "gethostname", "getaddrinfo", "freeaddrinfo",
        "close",
        "read", "write", "ioctl", "main", "wprintf", "sleep",
    ]

    /// The functions that the library exports.
    static func exported() async throws -> Set<String> {
        let listing = try await CProgram.run("nm", ["-D", "--defined-only", "\(CProgram.products)/libws2_32.so"])
        let names = listing.output.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        try #require(!names.isEmpty, "nm lists nothing: \(listing.errors)")
        return Set(names)
    }
}
