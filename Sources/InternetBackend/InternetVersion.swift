package import Glibc
public import SocketBackends

/// The version of the Internet Protocol, with everything in which the two families differ.
public enum InternetVersion: Hashable, Sendable, CaseIterable {
    /// AF_INET.
    case v4
    /// AF_INET6.
    case v6

    /// The family's Winsock number.
    public var family: AddressFamily {
        switch self {
        case .v4: .inet
        case .v6: .inet6
        }
    }

    /// The family's Linux number.
    package var kernelFamily: sa_family_t {
        switch self {
        case .v4: sa_family_t(AF_INET)
        case .v6: sa_family_t(AF_INET6)
        }
    }

    /// The name of the backend and of the family.
    var name: String {
        switch self {
        case .v4: "inet"
        case .v6: "inet6"
        }
    }

    /// What TCP over this version is called in the catalogue; UDP likewise.
    var suffix: String {
        switch self {
        case .v4: "IP"
        case .v6: "IPv6"
        }
    }

    /// Bytes of a whole `sockaddr_in` or of a whole `sockaddr_in6`.
    package var addressLength: Int {
        switch self {
        case .v4: 16
        case .v6: 28
        }
    }

    /// Where the host's address lies in the `sockaddr`.
    var hostRange: Range<Int> {
        switch self {
        case .v4: 4..<8
        case .v6: 8..<24
        }
    }

    /// What belongs to a `sockaddr_in` and says nothing (sin_zero); a `sockaddr_in6` has nothing of the kind.
    var paddingRange: Range<Int> {
        switch self {
        case .v4: 8..<16
        case .v6: 28..<28
        }
    }

    /// An address in the form that `resolve` reads, for error texts.
    var example: String {
        switch self {
        case .v4: "127.0.0.1:27015"
        case .v6: "[::1]:27015"
        }
    }
}
