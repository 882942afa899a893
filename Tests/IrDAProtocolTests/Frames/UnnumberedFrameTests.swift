import IrDAProtocol
import Testing

@Suite("SNRM, UA, TEST, FRMR")
struct UnnumberedFrameTests {
    private let primary = DeviceAddress(rawValue: 0x1234_5678)
    private let secondary = DeviceAddress(rawValue: 0x9ABC_DEF1)
    private let connection = ConnectionAddress(rawValue: 0x2A)

    private func example(_ name: String) throws -> IrLAPFrame {
        let example = try #require(WireExample.all.first { $0.name == name })
        return try #require(IrLAPFrame(bytes: example.frame))
    }

    @Test("SNRM", arguments: ["SNRM", "SNRM 4 Mbit/s"])
    func snrm(_ name: String) throws {
        let frame = try example(name)
        let snrm = try #require(SNRMFrame(frame))
        #expect(snrm.source == primary && snrm.destination == secondary && snrm.connectionAddress == connection)
        #expect(snrm.parameters == Array(frame.information[9...]))
        let built = SNRMFrame(
            source: primary, destination: secondary, connectionAddress: connection, parameters: snrm.parameters)
        #expect(built.frame == frame)
    }

    @Test("The C/R bit of the offered connection address is ignored")
    func connectionAddressBit() throws {
        let frame = try #require(IrLAPFrame(bytes: hex("FF 93 78563412 F1DEBC9A 55")))
        #expect(SNRMFrame(frame)?.connectionAddress == connection)
        #expect(SNRMFrame(frame)?.frame.bytes == hex("FF 93 78563412 F1DEBC9A 54"))
    }

    @Test(
        "Ill-formed SNRM",
        arguments: [
            "55 93", "FF 93", "FF 93 78563412 F1DEBC9A", "FF 93 78563412 F1DEBC9A 00", "FF 93 78563412 F1DEBC9A 01",
            "FF 93 78563412 F1DEBC9A FE", "FF 93 78563412 F1DEBC9A FF", "FF 93 00000000 F1DEBC9A 54",
            "FF 93 FFFFFFFF F1DEBC9A 54", "FE 93 78563412 F1DEBC9A 54", "55 93 78563412 F1DEBC9A 54",
            "FF 53 78563412 F1DEBC9A 54",
        ])
    func illFormedSNRM(_ bytes: String) throws {
        #expect(SNRMFrame(try #require(IrLAPFrame(bytes: hex(bytes)))) == nil)
    }

    @Test("UA with addresses and parameters, with addresses, bare")
    func ua() throws {
        let full = try #require(UAFrame(try example("UA")))
        #expect(full.address == connection)
        #expect(full.addresses == AddressPair(source: secondary, destination: primary))
        #expect(NegotiationParameters(parsing: full.parameters).minimumTurnaround == .ms5)
        let rebuilt = UAFrame(
            address: connection, source: secondary, destination: primary, parameters: full.parameters)
        #expect(rebuilt.frame == (try example("UA")))

        let addressed = UAFrame(address: connection, source: secondary, destination: primary)
        #expect(UAFrame(try example("UA to DISC with addresses")) == addressed)
        #expect(addressed.frame == (try example("UA to DISC with addresses")))

        #expect(UAFrame(try example("UA bare")) == UAFrame(address: connection))
        #expect(UAFrame(address: connection).frame == (try example("UA bare")))
    }

    @Test("UA with an I-field that holds no addresses, and what is no UA")
    func oddUA() throws {
        let short = try #require(IrLAPFrame(bytes: hex("54 73 F1DEBC9A 785634")))
        #expect(UAFrame(short) == UAFrame(address: connection))
        #expect(UAFrame(try #require(IrLAPFrame(bytes: hex("55 73")))) == nil)
        #expect(UAFrame(try example("DM")) == nil)
    }

    @Test("TEST and its answer")
    func test() throws {
        let command = try #require(TestFrame(try example("TEST cmd")))
        #expect(!command.isResponse && command.payload == hex("C0 C1 7D"))
        #expect(command.source == primary && command.destination == secondary)
        #expect(command.frame == (try example("TEST cmd")))
        let response = TestFrame(isResponse: true, source: secondary, destination: primary, payload: command.payload)
        #expect(response.frame == (try example("TEST rsp")))
        #expect(TestFrame(try example("TEST rsp")) == response)
    }

    @Test(
        "No TEST outside a connection",
        arguments: ["55 F3 78563412 F1DEBC9A", "FF F3 78563412 F1DEBC", "FF 3F", "FF F3 00000000 F1DEBC9A"])
    func noTest(_ bytes: String) throws {
        #expect(TestFrame(try #require(IrLAPFrame(bytes: hex(bytes)))) == nil)
    }

    @Test("FRMR")
    func frmr() throws {
        let field = FRMRField(rejectedControl: 0xF6, vr: 1, vs: 0, flags: .undefinedControl)
        #expect(FRMRField(bytes: try example("FRMR").information) == field)
        #expect(field.bytes == hex("F6 20 01"))
        let other = FRMRField(
            rejectedControl: 0x10, vr: 7, vs: 5, wasResponse: true,
            flags: [.undefinedControl, .informationNotPermitted])
        #expect(other.bytes == hex("10 FA 03"))
        #expect(FRMRField(bytes: hex("10 FB F3 99")) == other)
        #expect(FRMRField(bytes: hex("10 FA")) == nil)
        #expect(FRMRField.Flags.informationTooLong.rawValue == 4 && FRMRField.Flags.invalidNr.rawValue == 8)
    }
}
