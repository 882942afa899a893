/// A version of Winsock, as programs ask for it and as it is granted.
public struct WinsockVersion: RawRepresentable, Hashable, Sendable, Comparable {
    /// The WORD of WSAStartup: the major version in the low byte, the minor one in the high byte.
    public let rawValue: UInt16

    /// Takes the WORD that `MAKEWORD(major, minor)` makes.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Names a version.
    public init(_ major: UInt8, _ minor: UInt8) {
        rawValue = UInt16(minor) << 8 | UInt16(major)
    }

    /// 1 or 2 of the versions that there are.
    public var major: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
    /// What follows the point.
    public var minor: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) }

    /// Version 1.1, in which some calls answer differently (rule R26).
    public static let version1_1 = Self(1, 1)
    /// Version 2.2, the highest.
    public static let version2_2 = Self(2, 2)

    /// Orders versions by age.
    public static func < (one: Self, other: Self) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    /// What a program gets that asks for this version; nil if there is nothing that it could use.
    ///
    /// Versions 1.0, 1.1, 2.0, 2.1 and 2.2 are served as they are, others by the next lower one.
    var granted: WinsockVersion? {
        switch major {
        case 0: nil
        case 1: min(self, .version1_1)
        default: min(self, .version2_2)
        }
    }
}

extension WinsockVersion: CustomStringConvertible {
    /// `2.2`.
    public var description: String { "\(major).\(minor)" }
}

/// What WSAStartup tells (WSADATA).
public struct StartupData: Hashable, Sendable {
    /// The version that the program gets.
    public var version: WinsockVersion
    /// The highest version that there is.
    public var highVersion = WinsockVersion.version2_2
    /// Who serves.
    public var description = "WinSock 2.0"
    /// How it goes.
    public var systemStatus = "Running"
    /// How many sockets a program can have; told to version 1 only, 0 otherwise.
    public var maximumSockets: UInt16 { version.major == 1 ? 32767 : 0 }
    /// How long a datagram can be; told to version 1 only, 0 otherwise.
    public var maximumDatagram: UInt16 { version.major == 1 ? 65467 : 0 }

    package init(version: WinsockVersion) {
        self.version = version
    }
}
