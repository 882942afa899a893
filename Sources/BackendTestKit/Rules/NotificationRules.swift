import SocketBackends
import Winsock

/// What a program is told that has asked to be told (WSAEventSelect).
enum NotificationRules {
    static let checks = [
        KitCheck("R32", "FD_CONNECT tells the end of an attempt once, with 0 or the error") { room in
            let (address, _) = try room.server()
            let watched = try Watched(room.socket(), [.connect, .write], room)
            try watched.connect(to: address)
            try watched.expect(.connect, .NO_ERROR)
            try watched.expect(.write, .NO_ERROR)
            let rest = try room.winsock.enumNetworkEvents(watched.socket)
            try room.expect(rest.code(of: .connect) == nil, "FD_CONNECT comes twice")
            guard let (refusing, code) = room.subject.refusal else { return }
            let refused = try Watched(room.socket(), .connect, room)
            let first = try refused.connect(to: refusing)
            if first == .WSAEWOULDBLOCK { try refused.expect(.connect, code) }
        },
        KitCheck("N1", "FD_ACCEPT tells of a connection that waits, and again of the next") { room in
            let listener = try Watched(room.listener(), .accept, room)
            let address = try room.winsock.localAddress(of: listener.socket)
            for _ in 0..<2 {
                let client = try room.socket()
                try room.winsock.connect(client, to: address)
                try listener.expect(.accept, .NO_ERROR)
                _ = try room.winsock.accept(listener.socket)
            }
        },
        KitCheck("N2", "FD_READ tells of data, and again while some is left; FD_CLOSE of the end, after the data") {
            room in
            let (client, server) = try room.pair()
            let watched = try Watched(client, [.read, .close], room)
            _ = try room.winsock.send(server, Array(repeating: 5, count: 10))
            for _ in 0..<2 {
                try watched.expect(.read, .NO_ERROR)
                try room.expect(try room.winsock.receive(client, upTo: 5).count == 5, "five bytes are not there")
            }
            try room.winsock.closeSocket(server)
            try watched.expect(.close, .NO_ERROR, or: .WSAECONNRESET)
        },
    ]

    /// A socket whose events signal an event object.
    private final class Watched {
        let socket: SocketHandle
        /// What was told and not yet asked for.
        private var told: [NetworkEvent: WSAErrorCode] = [:]
        private let event: EventHandle
        private let room: KitRoom

        init(_ socket: SocketHandle, _ events: NetworkEvents, _ room: KitRoom) throws {
            self.socket = socket
            self.room = room
            event = try room.winsock.createEvent()
            try room.winsock.eventSelect(socket, event, events)
        }

        /// Begins to connect; answers NO_ERROR or the code that came at once.
        @discardableResult
        func connect(to address: SocketAddress) throws -> WSAErrorCode {
            do throws(SocketError) {
                try room.winsock.connect(socket, to: address)
                return .NO_ERROR
            } catch {
                return error.code
            }
        }

        /// Waits for one event; others that come with it are kept.
        func expect(_ event: NetworkEvent, _ code: WSAErrorCode, or other: WSAErrorCode? = nil) throws {
            let deadline = ContinuousClock.now + .milliseconds(Int64(room.patience))
            while ContinuousClock.now < deadline {
                let report = try room.winsock.enumNetworkEvents(socket, resetting: self.event)
                for event in report.events.events { told[event] = report.code(of: event) }
                if let found = told.removeValue(forKey: event) {
                    return try room.expect(found == code || found == other, "FD_\(event) comes with \(found)")
                }
                _ = try room.winsock.waitForMultipleEvents(
                    [self.event], timeout: .milliseconds(Int64(room.patience)))
            }
            throw KitFailure("FD_\(event) does not come within \(room.patience / 1000) s")
        }
    }
}
