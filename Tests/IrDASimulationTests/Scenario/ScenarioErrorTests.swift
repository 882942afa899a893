import IrDAProtocol
import IrDASimulation
import Testing

/// A text that is no scenario, and what is said about it.
struct MalformedScenario: Sendable, CustomTestStringConvertible {
    let text: String
    let message: String

    init(_ text: String, _ message: String) {
        self.text = text
        self.message = message
    }

    var testDescription: String { message }
}

@Suite struct ScenarioErrorTests {
    static let forms = ServiceBehaviour.forms.joined(separator: ", ")
    static let deviceKeys = "name, address, hints, position, parameters, services, objects"
    static let hints =
        "PnP, PDA, Computer, Printer, Modem, Fax, LANAccess, Telephony, FileServer, IrCOMM, Message, HTTP, OBEX"

    static let structure = [
        MalformedScenario("", "1:1: there is no scenario; one begins with a key such as 'devices:'"),
        MalformedScenario("# nothing\n", "1:1: there is no scenario; one begins with a key such as 'devices:'"),
        MalformedScenario("devices", "1:1: a scenario must be keys with values, not 'devices'"),
        MalformedScenario("- a\n- b\n", "1:1: a scenario must be keys with values, not a list"),
        MalformedScenario(
            "devices: [\n",
            "2:1: this is not YAML: did not find expected node content (while parsing a flow node that began in line 2)"
        ),
        MalformedScenario(
            "devices:\n\t- name: A\n",
            "2:1: this is not YAML: found character that cannot start any token (while scanning for the next token that began in line 2)"
        ),
        MalformedScenario("range: 1\u{7}\n", "1:9: this is not YAML: control characters are not allowed"),
        MalformedScenario(
            "range: 1\n---\nrange: 2\n",
            "2:1: this is not YAML: but found another document (expected a single document in the stream that began in line 1)"
        ),
        MalformedScenario("range: 1\nrange: 2\n", "1:1: the key 'range' appears again further down; keep one of them"),
        MalformedScenario(
            "devices:\n  - &a {name: A}\n  - *a\n",
            "3:5: a scenario has no anchors and aliases (&x and *x); write the value out, or quote the text"),
        MalformedScenario("devices:\n  - *a\n", "2:5: this is not YAML: found undefined alias"),
        MalformedScenario("? [a]\n: 1\n", "1:3: a key must be a word, not a list"),
        MalformedScenario(
            "devices:\n  - name: A\n    adress: 1\n",
            "3:5: there is no key 'adress' in a device; did you mean 'address'? Known are: \(deviceKeys)"),
        MalformedScenario(
            "size: 1",
            "1:1: there is no key 'size' in a scenario; known are: range, seed, station, devices, faults, bit-error-rate"
        ),
        MalformedScenario(
            "station:\n  services: []",
            "2:3: there is no key 'services' in the station; known are: name, address, hints, position, parameters"),
        MalformedScenario("station: 5", "1:10: the station must be keys with values, not '5'"),
        MalformedScenario("devices: 5", "1:10: the devices must be a list ('- name: …'), not '5'"),
        MalformedScenario("devices:\n  - 5", "2:5: a device must be keys with values, not '5'"),
        MalformedScenario("devices:\n  - hints: []", "2:5: a device needs a name ('name: …')"),
        MalformedScenario(
            "devices: [\(repeatElement("{name: A}", count: 65).joined(separator: ", "))]",
            "1:715: there are 65 devices; a room holds at most 64"),
    ]

    static let values = [
        MalformedScenario("range: far", "1:8: the range must be a number of metres, not 'far'"),
        MalformedScenario("range: nan", "1:8: the range must be a number of metres, not 'nan'"),
        MalformedScenario("range:\n", "1:7: the range must be a number of metres, not nothing"),
        MalformedScenario("range: -1", "1:8: the range is in metres, 0 or more, not -1.0"),
        MalformedScenario("bit-error-rate: 2", "1:17: the bit error rate is a probability, 0 to 1, not 2.0"),
        MalformedScenario("seed: -1", "1:7: the seed must be a number from 0 to 18446744073709551615, not '-1'"),
        MalformedScenario(
            "seed: {}", "1:7: the seed must be a number from 0 to 18446744073709551615, not keys with values"),
        MalformedScenario("station: {name: [a]}", "1:17: a name must be text, not a list"),
        MalformedScenario("station: {name: ''}", "1:17: a station needs a name of at least one character"),
        MalformedScenario(
            "station: {name: A}\ndevices: [{name: A}]",
            "2:18: another station is named 'A'; devices are told apart by their names"),
        MalformedScenario(
            "station: {address: 0x100000000}",
            "1:20: an address must be a number of 32 bits, such as 0x12345678, not '0x100000000'"),
        MalformedScenario(
            "station: {address: 0}",
            "1:20: no device can have the address 0x00000000; choose one from 0x00000001 to 0xFFFFFFFE"),
        MalformedScenario(
            "station: {address: 7}\ndevices: [{name: A, address: 0x7}]",
            "2:30: another station has the address 0x00000007; choose another, or leave it out"),
        MalformedScenario(
            "station: {hints: [obax]}",
            "1:19: there is no hint 'obax'; did you mean 'OBEX'? Known are: \(hints), or bits such as 0x2000"),
        MalformedScenario(
            "station: {hints: toaster}",
            "1:18: there is no hint 'toaster'; known are: \(hints), or bits such as 0x2000"),
        MalformedScenario("station: {hints: {}}", "1:18: a hint must be one of \(hints), not keys with values"),
        MalformedScenario(
            "station: {position: 5}", "1:21: a position must be two numbers of metres, such as [0.5, 0], not '5'"),
        MalformedScenario(
            "station: {position: [1]}", "1:21: a position must be two numbers of metres, such as [0.5, 0]; these are 1"),
        MalformedScenario(
            "station: {position: [1, b]}",
            "1:25: a position must be two numbers of metres, such as [0.5, 0], not 'b'"),
    ]

    static let parameters = [
        MalformedScenario(
            "{baud: 1}",
            "1:24: there is no key 'baud' in parameters; known are: speed, window, data-size, extra-bofs, "
                + "minimum-turnaround, maximum-turnaround, disconnect-time"),
        MalformedScenario(
            "{speed: 12}",
            "1:31: the speed must be one of 9600, 19200, 38400, 57600, 115200, 576000, 1152000, 4000000, 16000000 bit/s, "
                + "not '12'"),
        MalformedScenario("{speed: [115200]}", "1:31: every station must have the speed 9600 (IrLAP 1.1, 6.6.2)"),
        MalformedScenario(
            "{data-size: 100}", "1:35: the data size must be one of 64, 128, 256, 512, 1024, 2048 bytes, not '100'"),
        MalformedScenario("{window: 8}", "1:32: the window must be one of 1, 2, 3, 4, 5, 6, 7 frames, not '8'"),
        MalformedScenario(
            "{extra-bofs: 5}", "1:36: the number of extra BOFs must be one of 0, 1, 2, 3, 6, 12, 24, 48, not '5'"),
        MalformedScenario(
            "{minimum-turnaround: 2}",
            "1:44: the minimum turnaround time must be one of 10, 5, 1, 0.5, 0.1, 0.05, 0.01, 0 ms, not '2'"),
        MalformedScenario(
            "{maximum-turnaround: []}",
            "1:44: the maximum turnaround time must be one of 500, 250, 100, 50 ms, not a list"),
        MalformedScenario(
            "{disconnect-time: 60}",
            "1:41: the disconnect time must be one of 3, 8, 12, 16, 20, 25, 30, 40 s, not '60'"),
    ].map { MalformedScenario("station: {parameters: \($0.text)}", $0.message) }

    static let services = [
        MalformedScenario("{class: A}", "2:26: a service needs a behaviour: \(Self.forms)"),
        MalformedScenario(
            "{behaviour: echo}", "2:26: a service needs a class or a selector, or nobody finds it"),
        MalformedScenario(
            "{behaviour: ecko}",
            "2:38: there is no behaviour 'ecko'; did you mean 'echo'? Known are: \(Self.forms)"
        ),
        MalformedScenario(
            "{behaviour: source:-1}",
            "2:38: there is no behaviour 'source:-1'; known are: \(Self.forms)"),
        MalformedScenario(
            "{behaviour: 'exec: '}",
            "2:38: there is no behaviour 'exec: '; known are: \(Self.forms)"),
        MalformedScenario(
            "{behaviour: echo, selector: 0x80}", "2:54: a selector must be a number from 0x01 to 0x6F, not '0x80'"),
        MalformedScenario(
            "{behaviour: echo, selector: 0x70}",
            "2:54: the selector 0x70 is none that a service can have; choose one from 0x01 to 0x6F"),
        MalformedScenario(
            "{behaviour: echo, selector: 5}, {behaviour: sink, selector: 0x05}",
            "2:86: another service of the device has the selector 0x05; choose another, or leave it out"),
        MalformedScenario(
            "{behaviour: echo, selector: 5, attributes: {A: 1}}",
            "2:69: a service without a class has no object that could hold attributes; give it a class"),
        MalformedScenario("{behaviour: echo, class: ''}", "2:26: IAS class and attribute names must not be empty"),
        MalformedScenario(
            "{behaviour: echo, class: \(String(repeating: "x", count: 61))}",
            "2:26: the IAS name '\(String(repeating: "x", count: 61))' has 61 bytes; shorten it to 60"),
        MalformedScenario(
            "{behaviour: echo, class: A, attributes: {B: [256]}}", "2:71: a byte must be from 0 to 255, not '256'"),
        MalformedScenario(
            "{behaviour: echo, class: A, attributes: {B: 2147483648}}",
            "2:70: an attribute's number must be from -2147483648 to 2147483647, not '2147483648'"),
        MalformedScenario(
            "{behaviour: echo, class: A, attributes: {B: {}}}",
            "2:70: an attribute must be a number, a text, or a list of bytes (0 to 255), not keys with values"),
        MalformedScenario(
            "{behaviour: echo, class: A, attributes: {B: '\(String(repeating: "x", count: 256))'}}",
            "2:70: an attribute's text must have at most 255 bytes"),
        MalformedScenario(
            "{behaviour: echo, class: A, attributes: {IrDA:TinyTP:LsapSel: 1}}",
            "2:26: the IAS object already has an attribute 'IrDA:TinyTP:LsapSel'"),
    ].map { MalformedScenario("devices:\n  - {name: A, services: [\($0.text)]}", $0.message) }

    static let faults = [
        MalformedScenario("faults: lose 5", "1:9: the faults must be a list ('- lose 5'), not 'lose 5'"),
        MalformedScenario("faults: [{}]", "1:10: a fault must be text, such as 'lose 5', not keys with values"),
        MalformedScenario("faults: [lose]", "1:10: lose needs a percentage, 0 to 100"),
        MalformedScenario("faults: [lose 101]", "1:10: lose needs a percentage, 0 to 100"),
        MalformedScenario("faults: [deaf 5]", "1:10: deaf needs the name or the address of a station"),
        MalformedScenario(
            "station: {name: A}\nfaults: [block, mute AB]",
            "2:17: there is no station 'AB'; did you mean 'A'? Known are: A"),
        MalformedScenario(
            "faults: [\(repeatElement("block", count: 65).joined(separator: ", "))]",
            "1:458: there are 64 faults already; remove some"),
    ]

    @Test(arguments: structure + values + parameters + services + faults)
    func anErrorSaysWhereAndWhat(malformed: MalformedScenario) {
        let said = errorMessage { try ScenarioFile.parse(malformed.text, name: "room.yaml") }
        #expect(said == "room.yaml:" + malformed.message)
    }

    @Test func bytesThatAreNoUTF8HaveAPlace() {
        let bytes = Array("range: 1\n# caf".utf8) + [0xE9] + Array("\n".utf8)
        let said = errorMessage { try ScenarioFile.parse(bytes, name: "latin.yaml") }
        #expect(said == "latin.yaml:2:6: this is not UTF-8; save the file in that encoding")
    }

    @Test func nestingHasALimit() {
        let said = errorMessage { try ScenarioFile.parse(String(repeating: "[", count: 100_000), name: "deep.yaml") }
        #expect(said?.hasPrefix("deep.yaml:1:") == true)
    }

    @Test func aScenarioInCodeNamesThePlaceInstead() {
        let scenario = Scenario(devices: [Scenario.Device(name: "A"), Scenario.Device(name: "A")])
        #expect(
            errorMessage { try scenario.makeSimulation() }
                == "devices[1].name: another station is named 'A'; devices are told apart by their names")
    }

    @Test func whatOnlyCodeCanBuildIsCheckedToo() {
        var window = Scenario()
        window.station.parameters.windowSize = 9
        #expect(
            errorMessage { try window.makeSimulation() }
                == "station.parameters.window: the window is 1 to 7 frames, not 9")
        var source = Scenario(devices: [Scenario.Device(name: "A")])
        source.devices[0].services = [Scenario.Service(className: "S", behaviour: .source(bytes: -1))]
        #expect(
            errorMessage { try source.makeSimulation() }
                == "devices[0].services[0].behaviour: a source cannot send -1 bytes")
        #expect(
            errorMessage { try Scenario(range: .infinity).makeSimulation() }
                == "range: the range is in metres, 0 or more, not inf")
    }
}
