import IrDAProtocol
@testable import IrDASimulation
import Testing

@Suite("Simulated devices behind IrCOMM")
struct PortServantTests {
    /// A computer at the other end of a servant, without anything in between.
    private struct Computer {
        var port = IrCOMM(side: .dte, offering: .nineWire, messageLimit: 100)
        var servant: Servant
        var heard: [IrCOMMEvent] = []
        var messages = 0

        init(_ behaviour: ServiceBehaviour) throws {
            servant = try #require(Servant(behaviour))
            servant.opened(messageLimit: 80)
        }

        mutating func carryOut(_ actions: [IrCOMMAction]) {
            for action in actions {
                switch action {
                case .send(let message): servant.received(message)
                case .event(let event): heard.append(event)
                }
            }
            while true {
                switch servant.next(room: 1) {
                case .sendMessage(let message):
                    #expect(message.count <= 80)
                    messages += 1
                    carryOut(port.received(message))
                case .consume: break
                case .send, .disconnect:
                    Issue.record("no bytes and no end are expected")
                    return
                case .wait: return
                }
            }
        }

        var text: String {
            let bytes = heard.flatMap { if case .data(let data) = $0 { data } else { [] as [UInt8] } }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    @Test("A modem answers commands, says how it is set, and forgets a line that is too long")
    func modem() throws {
        var computer = try Computer(.modem)
        computer.carryOut(computer.port.connected())
        var settings = computer.port.settings
        settings.dataRate = 57600
        computer.carryOut(computer.port.set(settings))
        computer.carryOut(computer.port.send(Array("ate0\rAT&V\rATDT5\rATX9\rhello\r".utf8)))
        #expect(
            computer.text == "ate0\r\r\nOK\r\n\r\n57600 8N1\r\n\r\nOK\r\n\r\nNO DIALTONE\r\n\r\nERROR\r\n")
        computer.heard = []
        computer.carryOut(computer.port.send(Array(repeating: 0x41, count: 10_000) + [0x0D]))
        computer.carryOut(computer.port.send(Array("XAT\u{8}\u{8}\u{8}AT\r".utf8)))
        #expect(computer.text == "\r\nOK\r\n")
    }

    @Test("A loopback plug gives back data, lines and breaks")
    func loopback() throws {
        var computer = try Computer(.serial)
        computer.carryOut(computer.port.connected())
        computer.heard = []
        computer.carryOut(computer.port.set([.rts] as DTELines))
        computer.carryOut(computer.port.setBreak(true))
        computer.carryOut(computer.port.send([1, 2, 3]))
        #expect(computer.heard == [.dceLines(.cts), .breakCondition(true), .data([1, 2, 3])])
    }

    @Test("Before the initiator has said anything, nothing is said")
    func silent() throws {
        var servant = try #require(Servant(.modem))
        servant.opened(messageLimit: 80)
        guard case .wait = servant.next(room: 1) else {
            Issue.record("it does something")
            return
        }
    }
}
