/// Something that takes any bytes. A run that returns has found nothing; what is wrong traps.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// The deframer, on the bytes of a line.
    case deframer
    /// The parsers of frames and PDUs.
    case frames
    /// Both ends of a query of an information base.
    case ias
    /// A TinyTP connection, with a peer that says anything, and with one that means well.
    case tinyTP = "tinytp"
    /// An end of an IrCOMM connection.
    case irCOMM = "ircomm"
    /// The client and the server of object exchange.
    case obex
    /// The messages between programs and the service.
    case messages
    /// IrLAP, with any frames and requests at any time.
    case link
    /// The whole stack, with any frames and requests at any time.
    case station
    /// The scenario file.
    case scenario
    /// The reader of captures, and the timeline of what it has read.
    case capture
    /// The driver of each USB adapter, with any device, bus and requests; descriptors and firmware.
    case usb

    /// Feeds the bytes to the target.
    public func run(_ bytes: [UInt8]) {
        switch self {
        case .deframer: fuzzDeframer(bytes)
        case .frames: fuzzFrames(bytes)
        case .ias: fuzzIAS(bytes)
        case .tinyTP: fuzzTinyTP(bytes)
        case .irCOMM: fuzzIrCOMM(bytes)
        case .obex: fuzzOBEX(bytes)
        case .messages: fuzzMessages(bytes)
        case .link:
            var machine = LinkFuzz(bytes)
            machine.run()
        case .station:
            var machine = StationFuzz(bytes)
            machine.run()
        case .scenario: fuzzScenario(bytes)
        case .capture: fuzzCapture(bytes)
        case .usb:
            fuzzUSBDescriptors(bytes)
            var machine = USBFuzz(bytes)
            machine?.run()
        }
    }
}
