import SocketBackends
import Winsock

/// A connected stream socket, for protocols that wait for each other.
struct ByteConnection {
    private let winsock: Winsock
    private let socket: SocketHandle

    private static let pieceSize = 65_536

    init(_ winsock: Winsock, socket: SocketHandle) {
        self.winsock = winsock
        self.socket = socket
    }

    /// Sends all of the bytes, however long that takes.
    func send(_ bytes: [UInt8]) throws(SocketError) {
        var rest = bytes[...]
        while !rest.isEmpty { rest = rest.dropFirst(try winsock.send(socket, Array(rest))) }
    }

    /// Waits for bytes.
    ///
    /// - Parameter deadline: nil: for ever.
    /// - Returns: what has come; nothing at the end of the stream; nil when the time is over.
    func receive(before deadline: ContinuousClock.Instant?) throws(SocketError) -> [UInt8]? {
        if let deadline {
            let left = max(.zero, ContinuousClock.now.duration(to: deadline))
            let ready = try winsock.poll([PollRequest(socket: socket, events: .readNormal)], timeout: left)
            if ready.allSatisfy(\.isEmpty) { return nil }
        }
        return try winsock.receive(socket, upTo: Self.pieceSize)
    }

    func close() throws(SocketError) {
        try winsock.closeSocket(socket)
    }
}
