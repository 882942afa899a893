import IrDASimulation
import Testing

@Suite struct ServiceBehaviourTests {
    @Test(arguments: [
        ("echo", ServiceBehaviour.echo), ("sink", .sink), ("source:0", .source(bytes: 0)),
        ("source:4096", .source(bytes: 4096)), ("inbox", .inbox), ("serial", .serial), ("modem", .modem),
        ("printer", .printer),
        ("exec:cat", .program("cat")),
        ("exec:sh -c 'a:b'", .program("sh -c 'a:b'")),
    ])
    func textAndBehaviourAreTheSame(text: String, behaviour: ServiceBehaviour) {
        #expect(ServiceBehaviour(text) == behaviour)
        #expect(behaviour.description == text)
    }

    @Test func aSourceHasADefaultSize() {
        #expect(ServiceBehaviour("source") == .source(bytes: 65536))
    }

    @Test(arguments: [
        "", ":", "Echo", "echo:", "echo:1", "sink:", "source:", "source:x", "source:-1", "source:99999999999999999999",
        "exec", "exec:", "exec: ", "cat", "inbox:", "Inbox",
    ])
    func everythingElseIsNone(text: String) {
        #expect(ServiceBehaviour(text) == nil)
    }
}
