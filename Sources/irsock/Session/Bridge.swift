import Glibc
import SocketBackends
import SystemPackage
import Winsock

/// Carries bytes from standard input to a socket and from the socket to standard output, until both are done.
struct Bridge {
    private let winsock: Winsock
    private let socket: SocketHandle
    /// How long the peer may be quiet after the end of the input; nil to choose by what has been said.
    private let quitAfter: Duration?
    private let hasGracefulClose: Bool
    /// Whether it is the peer's turn to end the connection unless we say something: it came to us, or has spoken.
    private var peerLeads: Bool
    private var hasSpoken = false

    private var unsent: ArraySlice<UInt8> = []
    private var inputIsOpen = true
    private var peerHasEnded = false
    private var lastActivity = ContinuousClock.now

    private static let pieceSize = 65_536

    /// - Parameters:
    ///   - peerCalled: whether the peer has opened the connection.
    ///   - quitAfter: nil to choose by the transport: one that cannot end one direction alone never tells the peer that the
    ///     input has ended, so a second of silence has to do, for an end that does not merely listen.
    init(
        _ session: Session, socket: SocketHandle, transport: CatalogueEntry, peerCalled: Bool, quitAfter: Duration?
    ) {
        winsock = session.winsock
        self.socket = socket
        hasGracefulClose = transport.services.contains(.gracefulClose)
        peerLeads = peerCalled
        self.quitAfter = quitAfter
    }

    mutating func run() throws {
        signal(SIGPIPE, SIG_IGN)
        try winsock.setNonBlocking(socket, true)
        let descriptor = try winsock.descriptor(of: socket)
        while inputIsOpen || !unsent.isEmpty || !peerHasEnded {
            let ready = try descriptor.withDescriptor(for: "wait for data") { descriptor throws(SocketError) in
                try wait(for: descriptor)
            }
            if ready.isEmpty && isQuiet {
                // While data is still on its way, nothing can be expected from the peer.
                guard try winsock.unsentCount(of: socket) > 0 else { return }
                lastActivity = .now
            }
            // First what the peer has said: sending fails when it has left since.
            if ready.contains(.readable), try receive() == .end {
                peerHasEnded = true
                // Where one direction can end alone the other goes on; but at a terminal nobody would know why.
                guard hasGracefulClose, isatty(STDIN_FILENO) == 0 else { return }
            }
            if ready.contains(.input) { try readInput() }
            if ready.contains(.writable) { try send() }
        }
    }

    // MARK: Waiting

    private struct Ready: OptionSet {
        let rawValue: Int
        static let input = Self(rawValue: 1)
        static let readable = Self(rawValue: 2)
        static let writable = Self(rawValue: 4)
    }

    private func wait(for descriptor: FileDescriptor) throws(SocketError) -> Ready {
        // A descriptor of -1 is left out: there is no use in more input before the last has gone.
        var entries = [
            pollfd(fd: inputIsOpen && unsent.isEmpty ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: peerHasEnded && unsent.isEmpty ? -1 : descriptor.rawValue,
                events: Int16((peerHasEnded ? 0 : POLLIN) | (unsent.isEmpty ? 0 : POLLOUT)), revents: 0),
        ]
        let timeout = timeToWait
        try systemCall(for: "wait for data") { poll(&entries, nfds_t(entries.count), timeout) }
        var ready: Ready = []
        if entries[0].revents != 0 { ready.insert(.input) }
        if entries[1].revents & ~Int16(POLLOUT) != 0 { ready.insert(peerHasEnded ? .writable : .readable) }
        if entries[1].revents & Int16(POLLOUT) != 0 { ready.insert(.writable) }
        return ready
    }

    private var quietDeadline: ContinuousClock.Instant? {
        guard !inputIsOpen && unsent.isEmpty else { return nil }
        if let quitAfter { return lastActivity + quitAfter }
        return hasGracefulClose || (peerLeads && !hasSpoken) ? nil : lastActivity + Self.usualSilence
    }

    private static let usualSilence = Duration.seconds(1)

    private var isQuiet: Bool { quietDeadline.map { $0 <= .now } ?? false }

    private var timeToWait: Int32 {
        guard let quietDeadline else { return -1 }
        let left = ContinuousClock.now.duration(to: quietDeadline)
        return max(
            0, Int32(clamping: left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1)
        )
    }

    // MARK: Moving bytes

    private mutating func readInput() throws {
        var buffer = [UInt8](repeating: 0, count: Self.pieceSize)
        let count = try systemCall(for: "read standard input") { read(STDIN_FILENO, &buffer, buffer.count) }
        lastActivity = .now
        if count == 0 {
            inputIsOpen = false
            if hasGracefulClose { try winsock.shutdown(socket, .send) }
        } else {
            hasSpoken = true
            unsent = buffer[..<count]
            try send()
        }
    }

    private mutating func send() throws {
        guard !unsent.isEmpty else { return }
        do throws(SocketError) {
            unsent = unsent.dropFirst(try winsock.send(socket, Array(unsent)))
            lastActivity = .now
        } catch {
            if error.code == .WSAEWOULDBLOCK { return }
            // What the peer has said before it left is not lost.
            while !peerHasEnded, try receive() == .data {}
            throw error
        }
    }

    private enum Progress {
        case data
        case nothing
        case end
    }

    private mutating func receive() throws -> Progress {
        let received: [UInt8]
        do throws(SocketError) {
            received = try winsock.receive(socket, upTo: Self.pieceSize)
        } catch {
            if error.code == .WSAEWOULDBLOCK { return .nothing }
            throw error
        }
        lastActivity = .now
        if received.isEmpty { return .end }
        peerLeads = true
        do throws(Errno) {
            var rest = received[...]
            while !rest.isEmpty {
                let piece = Array(rest)
                rest = rest.dropFirst(try systemCall { write(STDOUT_FILENO, piece, piece.count) })
            }
        } catch {
            if error == .brokenPipe { return .end }  // Whoever read our output has had enough.
            throw SocketError(error, operation: "write standard output")
        }
        return .data
    }
}
