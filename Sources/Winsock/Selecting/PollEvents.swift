import SocketBackends

/// What WSAPoll is asked for and answers, by the numbers of winsock2.h.
public struct PollEvents: OptionSet, Hashable, Sendable {
    /// The `POLL…` bits.
    public let rawValue: Int16

    /// Makes a set from its bits.
    public init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// POLLRDNORM, 0x100: something can be received or accepted.
    public static let readNormal = Self(rawValue: 0x100)
    /// POLLRDBAND, 0x200: urgent data can be received.
    public static let readBand = Self(rawValue: 0x200)
    /// POLLIN, 0x300: one or the other.
    public static let read: Self = [.readNormal, .readBand]
    /// POLLOUT or POLLWRNORM, 0x10: there is room to send.
    public static let write = Self(rawValue: 0x10)
    /// POLLERR, 0x1: an error; answered only.
    public static let error = Self(rawValue: 0x1)
    /// POLLHUP, 0x2: the connection has ended, or did not come about; answered only.
    public static let hangUp = Self(rawValue: 0x2)
    /// POLLNVAL, 0x4: this is no socket; answered only.
    public static let invalid = Self(rawValue: 0x4)

    /// What may be asked for. POLLPRI and POLLWRBAND are not supported, as with Microsoft's own families.
    static let requestable: Self = [.read, .write]

    var readiness: Readiness {
        var readiness: Readiness = []
        if contains(.readNormal) { readiness.insert(.readable) }
        if contains(.readBand) { readiness.insert(.urgent) }
        if contains(.write) { readiness.insert(.writable) }
        return readiness
    }
}

/// One socket of WSAPoll with what is asked of it (WSAPOLLFD).
public struct PollRequest: Hashable, Sendable {
    /// The socket; a negative number is left out.
    public var socket: SocketHandle
    /// What is asked.
    public var events: PollEvents

    /// Asks something of a socket.
    public init(socket: SocketHandle, events: PollEvents) {
        self.socket = socket
        self.events = events
    }

    /// Whether the entry is left out.
    var isIgnored: Bool { Int(bitPattern: socket.rawValue) < 0 }
}

extension SocketCondition {
    /// What WSAPoll answers, where these are asked for. Errors and ends are answered always.
    func pollEvents(among requested: PollEvents) -> PollEvents {
        // A failed connect is told whatever was asked.
        if hasFailedConnect { return [.write, .hangUp, .error] }
        var events: PollEvents = []
        var unasked: PollEvents = []
        switch phase {
        case .idle, .connecting:
            break
        case .listening:
            if arrival != .nothing { events.insert(.readNormal) }
        case .connected, .datagram:
            if hasRoom { events.insert(.write) }
            if hasUrgentData { events.insert(.readBand) }
            switch arrival {
            case .nothing:
                break
            case .something:
                events.insert(.readNormal)
                if isBroken, phase == .connected { unasked = .hangUp }
            case .end(let code):
                // To be read as well, for programs that look for nothing else.
                events.insert(.readNormal)
                unasked = code == .NO_ERROR ? .hangUp : [.hangUp, .error]
            }
        }
        return events.intersection(requested).union(unasked)
    }
}
