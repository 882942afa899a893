import Glibc
import IrDAProtocol
import IrDASimulation
import Testing

@Suite struct ScenarioFileTests {
    @Test func theDocumentedExampleIsTheScenarioInCode() throws {
        #expect(try ScenarioFile.parse(ScenarioExample.text(), name: "example.yaml") == ScenarioExample.scenario)
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let scenario = try ScenarioFile.parse("devices: [{name: Phone}]", name: "short.yaml")
        #expect(scenario == Scenario(devices: [Scenario.Device(name: "Phone")]))
    }

    @Test func aListOfSpeedsIsJustThese() throws {
        let text = "station: {parameters: {speed: [2400, 9600, 115200]}}"
        let scenario = try ScenarioFile.parse(text, name: "speeds.yaml")
        #expect(scenario.station.parameters.baudRates == [.rate2400, .rate9600, .rate115200])
    }

    @Test func hintsMayBeOneOrBits() throws {
        #expect(try ScenarioFile.parse("station: {hints: pda}", name: "").station.hints == .pda)
        #expect(try ScenarioFile.parse("station: {hints: [0x2000, FAX]}", name: "").station.hints == [.obex, .fax])
        #expect(try ScenarioFile.parse("station: {hints: []}", name: "").station.hints == [])
    }

    @Test(arguments: [
        ("1", IASValue.integer(1)), ("-0x10", .string(IASString("-0x10"))), ("0x10", .integer(16)),
        ("'1'", .string(IASString("1"))), ("1.5", .string(IASString("1.5"))), ("true", .string(IASString("true"))),
        ("~", .missing), ("''", .string(IASString(""))), ("[]", .octets([])), ("[0, 0xff]", .octets([0, 255])),
        ("-2147483648", .integer(.min)),
    ])
    func attributesHaveTheTypeThatTheyShow(text: String, value: IASValue) throws {
        let scenario = try ScenarioFile.parse(
            "devices: [{name: A, objects: [{class: B, attributes: {C: \(text)}}]}]", name: "")
        #expect(scenario.devices[0].objects[0].attributes == [IASAttribute(name: "C", value: value)])
    }

    @Test func aFileIsReadFromItsPath() throws {
        let path = try ScenarioExample.temporaryFile()
        defer { unlink(path) }
        #expect(try ScenarioFile.load(path: path) == ScenarioExample.scenario)
    }

    @Test func aMissingFileIsNamedWithTheReason() {
        let path = "/no/such/place/room.yaml"
        #expect(throws: ScenarioError.self) { try ScenarioFile.load(path: path) }
        let message = errorMessage { try ScenarioFile.load(path: path) }
        #expect(
            message
                == "\(path): the scenario cannot be read: No such file or directory; check the path and its permissions"
        )
    }

    @Test func aDirectoryIsNoFile() {
        let message = errorMessage { try ScenarioFile.load(path: "/") }
        #expect(message == "/: the scenario cannot be read: Is a directory; check the path and its permissions")
    }

    @Test func moreThanTheLargestFileIsNotRead() {
        // An endless file is read as far as it may be long.
        #expect(
            errorMessage { try ScenarioFile.load(path: "/dev/zero") }
                == "/dev/zero: the file is too large for a scenario; at most 1048576 bytes are read")
        let text = "range: 1 #" + String(repeating: "x", count: ScenarioFile.maximumSize - 10)
        #expect(throws: Never.self) { try ScenarioFile.parse(text, name: "") }
        #expect(throws: ScenarioError.self) { try ScenarioFile.parse(text + "x", name: "") }
    }
}
