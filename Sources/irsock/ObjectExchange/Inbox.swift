import OBEX
import SocketBackends
import SystemPackage

/// Receives objects on one connection into a directory, and tells of each.
struct Inbox: ~Copyable {
    private var directory: InboxDirectory
    private let configuration: OBEXServer.Configuration
    private let report: (ReceivedObject) throws -> Void
    /// How many objects are kept.
    private(set) var kept = 0

    // Of the connection that is served.
    private var server = OBEXServer()
    private var sender = ""
    private var object: OBEXIncomingObject?
    private var file: IncomingFile?
    private var size = 0
    /// Why the file could not be written any further.
    private var writeError: Errno?
    private var reportError: (any Error)?
    private var bar = ProgressBar()

    init(
        _ directory: consuming InboxDirectory, _ configuration: OBEXServer.Configuration,
        report: @escaping (ReceivedObject) throws -> Void
    ) {
        self.directory = directory
        self.configuration = configuration
        self.report = report
    }

    /// Serves a connection to its end.
    ///
    /// - Parameter sender: who is at the other end, for people.
    mutating func serve(_ connection: ByteConnection, from sender: String) throws {
        server = OBEXServer(configuration: configuration)
        self.sender = sender
        do throws(SocketError) {
            while let bytes = try connection.receive(before: nil), !bytes.isEmpty {
                guard try carryOut(server.received(bytes), connection) else { break }
            }
        } catch {
            // A connection that breaks is the sender's trouble, not the inbox's.
            note("The connection with \(sender) has broken: \(error).")
        }
        _ = try? carryOut(server.transportClosed(), connection)
        bar.clear()
        try? connection.close()
        if let error = reportError { throw error }
    }

    /// - Returns: false if the connection is to be closed.
    private mutating func carryOut(
        _ actions: [OBEXServerAction], _ connection: ByteConnection
    ) throws(SocketError) -> Bool {
        for action in actions {
            switch action {
            case .send(let bytes): try connection.send(bytes)
            case .close: return false
            case .event(let event):
                guard try carryOut(happened(event), connection) else { return false }
            }
        }
        return true
    }

    private mutating func happened(_ event: OBEXServerEvent) -> [OBEXServerAction] {
        switch event {
        case .connected, .disconnected, .objectFetched: return []
        case .objectBegins(let object):
            self.object = object
            size = 0
            writeError = nil
            do throws(Errno) {
                file = try directory.begin()
                return server.accept()
            } catch {
                return refuse(error)
            }
        case .body(let bytes):
            size += bytes.count
            bar.show(size, of: Int(object?.claimedLength ?? 0))
            do throws(Errno) {
                if writeError == nil { try file?.write(bytes) }
            } catch {
                // Said at the end of the object: in between there is no question to answer.
                if writeError == nil { writeError = error }
            }
            return []
        case .objectEnds:
            guard let object, let file else { return server.refuse(.internalServerError) }
            if let writeError { return refuse(writeError) }
            do throws(Errno) {
                let name = try directory.keep(file, as: object.name)
                kept += 1
                tell(
                    ReceivedObject(
                        name: object.name, file: name, bytes: size, type: object.type, from: sender, reason: nil))
                self.file = nil
                return server.accept()
            } catch {
                return refuse(error)
            }
        case .objectDropped(let reason):
            drop(reason.text)
            return []
        case .refused(let code, let name):
            tell(
                ReceivedObject(
                    name: name ?? "", file: nil, bytes: 0, type: nil, from: sender, reason: "it was refused (\(code))"))
            return []
        }
    }

    private mutating func refuse(_ error: Errno) -> [OBEXServerAction] {
        drop("it cannot be kept: \(error)")
        return server.refuse(error == .noSpace ? .databaseFull : .internalServerError)
    }

    private mutating func drop(_ reason: String) {
        if let file { directory.drop(file) }
        file = nil
        if let object {
            tell(
                ReceivedObject(
                    name: object.name, file: nil, bytes: size, type: object.type, from: sender, reason: reason))
        }
        object = nil
    }

    private mutating func tell(_ object: ReceivedObject) {
        bar.clear()
        do {
            try report(object)
        } catch {
            reportError = error
        }
    }
}

/// What became of one object.
struct ReceivedObject: Encodable {
    /// What the sender called it.
    let name: String
    /// What it is called here; nil if it was not kept.
    let file: String?
    let bytes: Int
    let type: String?
    let from: String
    /// Why it was not kept.
    let reason: String?
}

extension OBEXDropReason {
    /// What happened, as the second half of a sentence.
    var text: String {
        switch self {
        case .aborted: "the sender has aborted it"
        case .transportClosed: "the connection ended in the middle"
        case .tooLarge(let limit): "it has more than \(limit) bytes, which --limit permits"
        case .brokenRules: "the sender has broken the rules of OBEX"
        }
    }
}
