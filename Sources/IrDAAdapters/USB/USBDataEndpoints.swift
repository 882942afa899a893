/// Where an adapter's data go, read from its configuration descriptor.
public struct USBDataEndpoints: Hashable, Sendable {
    /// The number of the interface.
    public let interface: UInt8
    /// The address of the endpoint that is read.
    public let input: UInt8
    /// The address of the endpoint that is written.
    public let output: UInt8
    /// The size of a packet to the device; a transfer that fills its last packet needs an empty one behind it.
    public let packetSize: Int

    private static let interfaceDescriptor: UInt8 = 4
    private static let endpointDescriptor: UInt8 = 5
    private static let bulk: UInt8 = 2

    /// Finds the first interface with a bulk endpoint in each direction.
    ///
    /// - Parameter configuration: the configuration descriptor with all that belongs to it.
    /// - Returns: nil if there is no such interface, or the descriptor is ill-formed before it.
    public init?(configuration: [UInt8]) {
        var rest = configuration[...]
        var interface: UInt8?
        var input: UInt8?
        var output: (address: UInt8, packet: Int)?
        while let length = rest.first, length >= 2, rest.count >= Int(length) {
            let descriptor = Array(rest.prefix(Int(length)))
            rest = rest.dropFirst(Int(length))
            switch descriptor[1] {
            case Self.interfaceDescriptor where length >= 9:
                // Only the setting that is active from the start.
                interface = descriptor[3] == 0 ? descriptor[2] : nil
                input = nil
                output = nil
            case Self.endpointDescriptor where length >= 7 && descriptor[3] & 3 == Self.bulk:
                let packet = Int(descriptor[4]) | Int(descriptor[5] & 0x07) << 8
                if descriptor[2] & 0x80 != 0 {
                    input = input ?? descriptor[2]
                } else if output == nil, packet > 0 {
                    output = (descriptor[2], packet)
                }
            default: break
            }
            if let interface, let input, let output {
                self.interface = interface
                self.input = input
                self.output = output.address
                packetSize = output.packet
                return
            }
        }
        return nil
    }
}
