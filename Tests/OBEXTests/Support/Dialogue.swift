import TestSupport

@testable import OBEX

/// A client and a server whose streams are joined, in pieces of any size; no time passes.
struct Dialogue {
    var client: OBEXClient
    var server: OBEXServer
    var generator: SplitMix64
    /// What the client's user has been told, in order; `bodyWanted` is answered here.
    var clientEvents: [OBEXClientEvent] = []
    /// What the server's user has been told, in order; questions are answered here.
    var serverEvents: [OBEXServerEvent] = []
    /// The packets of both, as they went.
    var log: [String] = []
    /// What the client's user still has of the object.
    var content: ArraySlice<UInt8> = []
    /// How the server's user answers when an object begins and when it ends; nil: takes it.
    var refusals: (begin: OBEXResponseCode?, end: OBEXResponseCode?) = (nil, nil)
    /// Whether the client's user aborts when he has been asked for content so often.
    var abortsAtRequest: Int?
    private var toServer: [[UInt8]] = []
    private var toClient: [[UInt8]] = []
    private(set) var isClosed = false

    init(
        client: OBEXClient.Configuration = .init(), server: OBEXServer.Configuration = .init(), seed: UInt64 = 1
    ) {
        self.client = OBEXClient(configuration: client)
        self.server = OBEXServer(configuration: server)
        generator = SplitMix64(seed: seed)
    }

    /// Lets the client begin something and runs until nobody has anything to say.
    mutating func run(_ begin: (inout OBEXClient) throws -> [OBEXClientAction]) rethrows {
        carryOut(try begin(&client))
        while !toServer.isEmpty || !toClient.isEmpty {
            if !toServer.isEmpty { carryOut(server.received(toServer.removeFirst())) }
            if !toClient.isEmpty { carryOut(client.received(toClient.removeFirst())) }
        }
    }

    /// The whole of an object put, after a session has begun.
    mutating func put(_ headers: OBEXHeaders, _ content: [UInt8]) throws -> OBEXOutcome? {
        self.content = content[...]
        try run { client throws in try client.put(headers) }
        return outcome
    }

    /// How the last request has ended.
    var outcome: OBEXOutcome? {
        if case .ended(let outcome) = clientEvents.last { outcome } else { nil }
    }

    /// The content of what the server has got.
    var kept: [UInt8] {
        serverEvents.reduce(into: []) { kept, event in
            if case .body(let part) = event { kept += part }
        }
    }

    private mutating func carryOut(_ actions: [OBEXClientAction]) {
        for action in actions {
            switch action {
            case .send(let bytes):
                log.append("C \(bytes.count): \(trace(bytes.prefix(3)))")
                toServer += generator.pieces(of: bytes)
            case .startTimer, .stopTimer: break
            case .close: isClosed = true
            case .event(.bodyWanted(let room)):
                clientEvents.append(.bodyWanted(room))
                if let wanted = abortsAtRequest {
                    abortsAtRequest = wanted - 1
                    if wanted == 0 {
                        carryOut(client.abort())
                        continue
                    }
                }
                // Now and then more or less than asked for.
                let piece = content.prefix(Int.random(in: max(1, room / 2)...room * 2, using: &generator))
                content = content.dropFirst(piece.count)
                carryOut(client.supply(Array(piece), isLast: content.isEmpty))
            case .event(let event): clientEvents.append(event)
            }
        }
    }

    private mutating func carryOut(_ actions: [OBEXServerAction]) {
        for action in actions {
            switch action {
            case .send(let bytes):
                log.append("S \(bytes.count): \(trace(bytes.prefix(3)))")
                toClient += generator.pieces(of: bytes)
            case .close: isClosed = true
            case .event(let event):
                serverEvents.append(event)
                switch event {
                case .objectBegins: carryOut(refusals.begin.map { server.refuse($0) } ?? server.accept())
                case .objectEnds: carryOut(refusals.end.map { server.refuse($0) } ?? server.accept())
                case .connected, .body, .objectDropped, .refused, .objectFetched, .disconnected: break
                }
            }
        }
    }
}
