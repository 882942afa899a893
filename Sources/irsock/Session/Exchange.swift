import Glibc
import SocketBackends
import SystemPackage
import Winsock

/// Sends bytes and takes as many back, at the same time, with a progress bar where somebody is watching.
struct Exchange {
    private let winsock: Winsock
    private let socket: SocketHandle
    private let bytes: [UInt8]
    private var sent = 0
    private var returned: [UInt8] = []
    private var bar = ProgressBar()

    private static let pieceSize = 65_536

    init(_ session: Session, socket: SocketHandle, bytes: [UInt8]) {
        winsock = session.winsock
        self.socket = socket
        self.bytes = bytes
    }

    /// - Returns: what came back: as many bytes as were sent, or fewer if the peer ended the connection.
    mutating func run() throws -> [UInt8] {
        try winsock.setNonBlocking(socket, true)
        let descriptor = try winsock.descriptor(of: socket)
        defer { bar.clear() }
        while returned.count < bytes.count {
            let events = sent < bytes.count ? POLLIN | POLLOUT : POLLIN
            _ = try descriptor.withDescriptor(for: "wait for data") { descriptor throws(SocketError) in
                var entry = pollfd(fd: descriptor.rawValue, events: Int16(events), revents: 0)
                return try systemCall(for: "wait for data") { poll(&entry, 1, -1) }
            }
            if sent < bytes.count {
                let piece = Array(bytes[sent...].prefix(Self.pieceSize))
                sent += try unlessBlocked { () throws(SocketError) in try winsock.send(socket, piece) } ?? 0
            }
            if let piece = try unlessBlocked({ () throws(SocketError) in
                try winsock.receive(socket, upTo: Self.pieceSize)
            }) {
                if piece.isEmpty { break }
                returned += piece
            }
            bar.show(returned.count, of: bytes.count)
        }
        return returned
    }

    private func unlessBlocked<Value>(_ call: () throws(SocketError) -> Value) throws(SocketError) -> Value? {
        do throws(SocketError) {
            return try call()
        } catch {
            if error.code == .WSAEWOULDBLOCK { return nil }
            throw error
        }
    }
}
