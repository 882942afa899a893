import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

@Suite struct FaultTests {
    /// Each form as somebody would write it.
    private static let examples = [
        "block", "block Phone", "mute Phone", "blind Phone", "lose 5", "lose 2.5 Phone", "corrupt 10 Phone",
        "sunlight 0.001", "delay 20 Phone", "interrupt 50 Phone", "deaf 10 Phone", "stop 5 Phone",
        "ignore-first-snrm Phone", "ignore-command-bit Phone", "leave-reply-early Phone", "busy Phone",
        "never-refuse Phone", "stray-frames Phone", "smallest Phone",
    ]

    @Test("Every form can be written, and reads as it was written")
    func forms() throws {
        for text in Self.examples { #expect("\(try Fault(text))" == text) }
        let words = Set(Self.examples.compactMap { $0.split(separator: " ").first })
        #expect(words.count == Fault.forms.count, "an example is missing")
    }

    @Test("The page has every form, and what it means")
    func page() throws {
        let page = try ScenarioExample.page()
        for form in Fault.forms { #expect(page.contains("| `\(form.usage)` | \(form.meaning) |"), "\(form.usage)") }
    }

    @Test("A fault comes and goes, by its number", arguments: examples)
    func comesAndGoes(text: String) throws {
        var room = TwoStations(seed: 1)
        let fault = try Fault(text)
        let number = try room.simulation.add(fault)
        #expect(room.simulation.faults.map(\.fault) == [fault])
        #expect(throws: Fault.Invalid.self) { try room.simulation.removeFault(number + 1) }
        try room.simulation.removeFault(number)
        #expect(room.simulation.faults.isEmpty)
        let next = try room.simulation.add(fault)
        #expect(next == number + 1)
    }

    @Test("A station is meant by its name in any letter case, or by its address", arguments: ["phone", "0x9ABCDEF1"])
    func station(name: String) throws {
        var room = TwoStations(seed: 1)
        #expect(throws: Never.self) { try room.simulation.add(Fault("mute \(name)")) }
        #expect(throws: Fault.Invalid.self) { try room.simulation.add(Fault("mute Somebody")) }
    }

    /// How a connect to a service of the phone goes, with a fault.
    private func connect(_ fault: String?) throws -> (isOpen: Bool, end: IrDAEndReason?, window: Int?) {
        var room = TwoStations(seed: 1)
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Echo")
        if let fault { try room.simulation.add(Fault(fault)) }
        var traffic = Traffic()
        let ends = traffic.connect(
            room.computer, to: .service("Echo"), at: TwoStations.phoneAddress, in: &room.simulation)
        let window = room.simulation.stack(of: room.computer).linkStatus?.parameters.transmit.windowSize
        return (ends != nil, traffic.ended.values.first, window)
    }

    @Test("What a connect says of them")
    func effects() throws {
        #expect(try connect(nil).isOpen)
        for (fault, window) in [("smallest Phone", 1), ("ignore-first-snrm Phone", 7), ("stray-frames Phone", 7)] {
            let outcome = try connect(fault)
            #expect(outcome.isOpen && outcome.window == window, "\(fault): \(outcome)")
        }
        for fault in ["block", "mute Phone", "blind Phone", "lose 100", "stop 0 Phone"] {
            #expect(try connect(fault).end == .link(.noAnswer), "\(fault)")
        }
        #expect(try connect("stop 3 Phone").end == .noResponse)
        #expect(try connect("busy Phone").isOpen == false)
    }
}
