/// Where an adapter's data go, read from its configuration descriptor.
public struct USBDataEndpoints: Hashable, Sendable {
    /// The number of the interface.
    public let interface: UInt8
    /// The address of the endpoint that is read; 0, the endpoint of control transfers, where data take no other way.
    public let input: UInt8
    /// The address of the endpoint that is written; 0 likewise.
    public let output: UInt8
    /// The size of a packet from the device, in bytes.
    public let inputPacketSize: Int
    /// The size of a packet to the device, in bytes; a transfer that fills its last packet needs an empty one behind it.
    public let packetSize: Int

    private static let interfaceDescriptor: UInt8 = 4
    private static let endpointDescriptor: UInt8 = 5
    private static let controlPacket = 8

    /// Finds the first interface with an endpoint in each direction of the kind that is needed.
    ///
    /// - Parameters:
    ///   - configuration: the configuration descriptor with all that belongs to it.
    ///   - path: the way that data take.
    /// - Returns: nil if there is no such interface, or the descriptor is ill-formed before it.
    public init?(configuration: [UInt8], path: USBDataPath = .bulk) {
        var rest = configuration[...]
        var interface: UInt8?
        var input: (address: UInt8, packet: Int)?
        var output: (address: UInt8, packet: Int)?
        while let length = rest.first, length >= 2, rest.count >= Int(length) {
            let descriptor = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
            switch descriptor[1] {
            case Self.interfaceDescriptor where length >= 9:
                // Only the setting that is active from the start.
                interface = descriptor[3] == 0 ? descriptor[2] : nil
                input = path.transferType == nil ? (0, Self.controlPacket) : nil
                output = path.transferType == nil ? (0, Self.controlPacket) : nil
            case Self.endpointDescriptor where length >= 7 && descriptor[3] & 3 == path.transferType:
                let packet = Int(descriptor[4]) | Int(descriptor[5] & 0x07) << 8
                guard packet > 0 else { continue }
                if descriptor[2] & 0x80 != 0 {
                    input = input ?? (descriptor[2], packet)
                } else {
                    output = output ?? (descriptor[2], packet)
                }
            default: break
            }
            if let interface, let input, let output {
                self.interface = interface
                self.input = input.address
                inputPacketSize = input.packet
                self.output = output.address
                packetSize = output.packet
                return
            }
        }
        return nil
    }
}

extension USBDataPath {
    /// The kind of its endpoints, as their descriptors have it; nil if there are none.
    fileprivate var transferType: UInt8? {
        switch self {
        case .bulk: 2
        case .interrupt: 3
        case .control: nil
        }
    }
}
