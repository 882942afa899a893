import InternetBackend
import SocketBackends
import Testing
import Winsock

/// Where a rule is to hold: in which family, for which type of socket, for which style of connect.
struct Place: Hashable, Sendable, CustomTestStringConvertible {
    var version: InternetVersion
    var type: SocketType
    var blocks: Bool

    var testDescription: String {
        "\(version == .v4 ? "inet" : "inet6") \(type) \(blocks ? "blocking" : "non-blocking")"
    }

    /// Both families, both types, both styles: where the reference page makes no difference, neither does the table.
    static let all: [Self] = streams + datagrams
    static let streams = places(.stream)
    static let datagrams = places(.datagram)

    private static func places(_ type: SocketType) -> [Self] {
        InternetVersion.allCases.flatMap { version in
            [true, false].map { Self(version: version, type: type, blocks: $0) }
        }
    }
}
