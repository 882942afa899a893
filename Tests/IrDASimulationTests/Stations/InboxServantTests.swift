@testable import IrDASimulation
import OBEX
import Testing

@Suite("A simulated phone's inbox")
struct InboxServantTests {
    /// Sends a client's bytes to an inbox and the answers back, in small pieces, until there is nothing to say.
    private static func run(_ client: inout OBEXClient, _ inbox: inout InboxServant, _ actions: [OBEXClientAction])
        -> [OBEXClientEvent]
    {
        var events: [OBEXClientEvent] = []
        for action in actions {
            switch action {
            case .send(let bytes): inbox.received(bytes)
            case .event(.bodyWanted):
                events += run(&client, &inbox, client.supply([UInt8](repeating: 1, count: 3000), isLast: true))
            case .event(let event): events.append(event)
            case .startTimer, .stopTimer, .close: break
            }
        }
        while true {
            switch inbox.next(room: 7) {
            case .send(let bytes): events += run(&client, &inbox, client.received(Array(bytes)))
            case .consume: break
            case .sendMessage, .disconnect, .wait: return events
            }
        }
    }

    @Test("It takes objects, and gives its card")
    func inbox() throws {
        var client = OBEXClient()
        var inbox = InboxServant()
        #expect(Self.run(&client, &inbox, try client.connect()) == [.ended(.success([]))])
        #expect(Self.run(&client, &inbox, try client.put([.name("a")])).last == .ended(.success([])))
        let got = Self.run(&client, &inbox, try client.get([.type("text/x-vcard")]))
        guard case .received(_, let body) = got.first else {
            Issue.record("\(got)")
            return
        }
        #expect(body == InboxServant.card.body)
    }

    @Test("What is no OBEX ends the connection after the answer")
    func nonsense() {
        var inbox = InboxServant()
        inbox.received([0x80, 0, 1])
        guard case .send(let bytes) = inbox.next(room: 100), case .disconnect = inbox.next(room: 100) else {
            Issue.record("it goes on")
            return
        }
        #expect(Array(bytes) == [0xC0, 0, 3])
    }
}
