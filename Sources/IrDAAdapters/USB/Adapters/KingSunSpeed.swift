/// The speed of KingSun's adapters, KS-959 and SF-620, which programs cannot change as far as is known: the request is one to
/// an interface that does not exist, and the kernel keeps it from them (facts about adapters, 4.1 and 12.4). So these adapters
/// stay at 9600 bit/s, unless their owner asks for one of the other forms, which nobody has seen work.
public enum KingSunSpeedRequest: String, CaseIterable, Sendable {
    /// To an endpoint.
    case endpoint = "speed-endpoint"
    /// To the device.
    case device = "speed-device"
    /// To something else.
    case other = "speed-other"
    /// The maker's own.
    case vendor = "speed-vendor"
    /// To the first interface, with the 1 that the adapter looks for in the other half of the index.
    case index = "speed-index"
    /// To the first interface, known by its length alone.
    case length = "speed-length"

    var requestType: UInt8 {
        switch self {
        case .device: 0x20
        case .index, .length: 0x21
        case .endpoint: 0x22
        case .other: 0x23
        case .vendor: 0x41
        }
    }

    var index: UInt16 {
        switch self {
        case .endpoint, .device, .other, .vendor: 0x0001
        case .index: 0x0100
        case .length: 0x0000
        }
    }

    private static let eightDataBits: UInt8 = 3

    /// The transfer that asks for a speed, in bit/s.
    func transfer(_ rate: Int) -> USBTransfer {
        let number = UInt32(clamping: rate)
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
        return .controlOut(
            USBSetup(requestType, 0x09, value: 0x0200, index: index, length: 8), bytes + [Self.eightDataBits, 0, 0, 0])
    }

    /// What the adapter did not do.
    var refusal: USBProblem {
        .refused("take its speed as quirk=\(rawValue) says; without that it stays at 9600 bit/s")
    }

    /// The speeds of an adapter with this request, in bit/s; above them what is heard comes faster than it can be fetched.
    static func rates(_ request: Self?) -> [Int] { request == nil ? [9600] : [2400, 9600, 19200, 38400, 57600] }
}
