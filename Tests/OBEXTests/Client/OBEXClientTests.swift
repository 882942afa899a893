@testable import OBEX
import TestSupport
import Testing

@Suite("The client and servers of all kinds")
struct OBEXClientTests {
    private static let timer = OBEXClientAction.startTimer(.seconds(60))

    /// A client whose session has begun with a server that takes packets of 1024 bytes.
    private static func connected() throws -> OBEXClient {
        var client = OBEXClient()
        #expect(try client.connect() == [.send(hex("80 00 07 10 00 7F FF")), timer])
        #expect(client.received(hex("A0 00 07 10 00 04 00")) == [.stopTimer, .event(.ended(.success([])))])
        return client
    }

    /// A client that has sent the whole of a small object.
    private static func finishing() throws -> OBEXClient {
        var client = try connected()
        #expect(try client.put([.name("a")]) == [.stopTimer, .event(.bodyWanted(1011))])
        #expect(
            client.supply([7], isLast: true) == [.send(hex("82 00 0E 01 00 07 00 61 00 00 49 00 04 07")), timer])
        return client
    }

    @Test("What the server says at CONNECT is kept, and a number too small is taken for a slip")
    func connecting() throws {
        var client = OBEXClient()
        _ = try client.connect()
        _ = client.received(hex("A0 00 07 10 01 00 40"))
        #expect(
            client.connection
                == OBEXConnection(maximumPacketLength: 255, takesSeveralConnections: true, connectionID: nil))
    }

    @Test("A connection is directed only if the server names the target and a number")
    func directed() throws {
        let browsing = WireExample.folderBrowsing
        var client = OBEXClient(configuration: .init(maximumPacketLength: 8192))
        #expect(try client.connect(target: browsing).first == .send(hex("80 00 1A 10 00 20 00 46 00 13") + browsing))
        _ = client.received(hex("A0 00 1F 10 00 04 00 CB 00 00 00 01 4A 00 13") + browsing)
        #expect(client.connection?.connectionID == 1)
        #expect(
            try client.setPath(.doNotCreate, name: "pics").first
                == .send(hex("85 00 17 02 00 CB 00 00 00 01 01 00 0D 00 70 00 69 00 63 00 73 00 00")))

        var ignored = OBEXClient()
        _ = try ignored.connect(target: browsing)
        _ = ignored.received(hex("A0 00 0C 10 00 04 00 CB 00 00 00 01"))
        #expect(ignored.connection != nil && ignored.connection?.connectionID == nil)
    }

    @Test("A refusal carries the code and the words of the server, with or without fields")
    func refused() throws {
        for bytes in ["D3 00 07 10 00 04 00", "D3 00 03"] {
            var client = OBEXClient()
            _ = try client.connect()
            let ended = client.received(hex(bytes)).last
            #expect(ended == .event(.ended(.refused(.serviceUnavailable, explanation: nil))))
            #expect(client.isIdle && client.connection == nil)
        }
        var client = try Self.finishing()
        #expect(
            client.received(hex("C3 00 0C 05 00 09 00 6E 00 6F 00 00")).last
                == .event(.ended(.refused(.forbidden, explanation: "no"))))
    }

    @Test("'Success' to a part that is not the last means 'go on'")
    func successForContinue() throws {
        var client = try Self.connected()
        _ = try client.put([.name("a")])
        #expect(client.supply([1], isLast: false).first == .send(hex("02 00 0E 01 00 07 00 61 00 00 48 00 04 01")))
        #expect(
            client.received(hex("A0 00 03")) == [
                .event(.progress(sent: 1)), .stopTimer, .event(.bodyWanted(1018)),
            ])
        #expect(client.supply([], isLast: true).first == .send(hex("82 00 06 49 00 03")))
        #expect(client.received(hex("A0 00 03")).last == .event(.ended(.success([]))))
    }

    @Test("'Go on' after the last part is answered once with the end again")
    func continueForSuccess() throws {
        var client = try Self.finishing()
        #expect(client.received(hex("90 00 03")) == [.send(hex("82 00 06 49 00 03")), Self.timer])
        #expect(
            client.received(hex("90 00 03")) == [
                .close, .stopTimer, .event(.ended(.failed(.unexpectedResponse(.continue)))),
            ])
        #expect(throws: OBEXClientUnavailable.closed) { try client.connect() }
    }

    @Test("An abort waits for the response that is outstanding, and may come too late")
    func abort() throws {
        var client = try Self.connected()
        _ = try client.put([.name("a")])
        _ = client.supply([1], isLast: false)
        #expect(client.abort() == [])
        #expect(client.received(hex("90 00 03")) == [.send(hex("FF 00 03")), Self.timer])
        #expect(client.received(hex("90 00 03")) == [])
        #expect(client.received(hex("A0 00 03")) == [.stopTimer, .event(.ended(.aborted))])

        var late = try Self.finishing()
        #expect(late.abort() == [])
        #expect(late.received(hex("A0 00 03")).last == .event(.ended(.success([]))))

        var defiant = try Self.connected()
        _ = try defiant.put([.name("a")])
        #expect(defiant.abort() == [.send(hex("FF 00 03")), Self.timer])
        #expect(
            defiant.received(hex("C0 00 03")) == [
                .close, .stopTimer, .event(.ended(.failed(.unexpectedResponse(.badRequest)))),
            ])
    }

    @Test("Silence, the end of the connection, nonsense and endless answers end the request with their names")
    func failures() throws {
        var silent = try Self.finishing()
        #expect(silent.timerFired().last == .event(.ended(.failed(.noResponse(.seconds(60))))))
        var gone = try Self.finishing()
        #expect(gone.transportClosed().last == .event(.ended(.failed(.transportClosed))))
        #expect(gone.transportClosed() == [])
        var nonsense = try Self.finishing()
        #expect(
            nonsense.received(hex("A0 00 02")).last == .event(.ended(.failed(.malformedResponse(.wrongLength(2))))))
        var unasked = try Self.connected()
        #expect(unasked.received(hex("A0 00 03")) == [.close])

        var endless = try Self.connected()
        _ = try endless.get([.type("text/x-vCard")])
        var packets = 0
        while endless.isAwaitingResponseForTest, packets < 1000 {
            packets += 1
            if endless.received(hex("90 00 03")).last == .event(.ended(.failed(.endlessResponse))) { break }
        }
        #expect(packets == 101)
    }

    @Test("One request at a time")
    func busy() throws {
        var client = try Self.finishing()
        #expect(throws: OBEXClientUnavailable.busy) { try client.connect() }
        #expect(throws: OBEXClientUnavailable.busy) { try client.get([]) }
        #expect(client.supply([1], isLast: true) == [])
    }

    @Test("Whatever a server sends, the client ends or goes on", arguments: 1...200 as ClosedRange<UInt64>)
    func hostile(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var client = OBEXClient()
        let codes: [UInt8] = [0x90, 0xA0, 0xC0, 0xCB, 0xFF]
        for _ in 0..<60 {
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: _ = try? client.connect()
            case 1: _ = try? client.put([.name("a"), .length(3)])
            case 2: _ = try? client.get([.type("x")])
            case 3: _ = client.abort()
            case 4:
                _ = client.supply(generator.bytes(Int.random(in: 0...500, using: &generator)), isLast: seed % 2 == 0)
            case 5: _ = client.received(generator.bytes(Int.random(in: 0...10, using: &generator)))
            default:
                let headers = generator.bytes(Int.random(in: 0...8, using: &generator))
                let code = codes.randomElement(using: &generator) ?? 0x90
                _ = client.received([code, 0, UInt8(3 + headers.count)] + headers)
            }
        }
        _ = client.transportClosed()
        #expect(!client.isIdle)
        #expect(throws: OBEXClientUnavailable.closed) { try client.connect() }
    }
}

extension OBEXClient {
    fileprivate var isAwaitingResponseForTest: Bool { !isIdle }
}
