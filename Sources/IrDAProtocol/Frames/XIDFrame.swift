/// The number of slots of a discovery (IrLAP 1.1, 5.7.1.4.1.4.1.3). The raw value is the number itself.
public enum SlotCount: UInt8, Sendable, Hashable, CaseIterable {
    /// One slot.
    case one = 1
    /// Six slots.
    case six = 6
    /// Eight slots.
    case eight = 8
    /// Sixteen slots.
    case sixteen = 16

    /// The two bits of the discovery flags.
    fileprivate var code: UInt8 {
        switch self {
        case .one: 0
        case .six: 1
        case .eight: 2
        case .sixteen: 3
        }
    }

    fileprivate init(code: UInt8) {
        switch code & 0x03 {
        case 0: self = .one
        case 1: self = .six
        case 2: self = .eight
        default: self = .sixteen
        }
    }
}

/// An XID frame of discovery and address conflict resolution (IrLAP 1.1, 5.7.1.4).
public struct XIDFrame: Sendable, Hashable {
    /// The place of a frame in the discovery.
    public enum Slot: Sendable, Hashable {
        /// The begin of slot n, from 0. In a response the number has no meaning.
        case number(UInt8)
        /// The end of the discovery (FF on the wire).
        case final
    }

    /// Whether this is a response.
    public var isResponse: Bool
    /// The sender's device address.
    public var source: DeviceAddress
    /// The receiver's device address, or broadcast. A response to broadcast is a sniffer's announcement.
    public var destination: DeviceAddress
    /// How many slots the discovery has; a response repeats the command's number.
    public var slotCount: SlotCount
    /// In a command: devices with the destination address must choose a new one. In a response: the device has done so.
    public var generatesNewAddress: Bool
    /// The slot, or the end of the discovery.
    public var slot: Slot
    /// The version of IrLAP: 0 for 1.0 and 1.1.
    public var version: UInt8
    /// The discovery info (`DeviceInfo`), in final commands and responses; IrLAP allows 32 bytes, IrLMP 23.
    public var info: [UInt8]

    private static let discoveryFormat: UInt8 = 0x01
    private static let newAddressFlag: UInt8 = 0x04

    /// A discovery frame from its fields.
    public init(
        isResponse: Bool, source: DeviceAddress, destination: DeviceAddress, slotCount: SlotCount,
        generatesNewAddress: Bool = false, slot: Slot, version: UInt8 = 0, info: [UInt8] = []
    ) {
        self.isResponse = isResponse
        self.source = source
        self.destination = destination
        self.slotCount = slotCount
        self.generatesNewAddress = generatesNewAddress
        self.slot = slot
        self.version = version
        self.info = info
    }

    /// Reads a discovery frame; nil for any other frame and for an ill-formed one: a field missing, a format other than
    /// discovery, a source that no device may have, a C/R bit that contradicts the code, or an address within a connection.
    public init?(_ frame: IrLAPFrame) {
        switch frame.unnumberedKind {
        case .xidCommand: isResponse = false
        case .xidResponse: isResponse = true
        default: return nil
        }
        var reader = ByteReader(frame.information)
        guard frame.address.connection == .broadcast, frame.address.isCommand != isResponse,
            reader.byte() == Self.discoveryFormat,
            let source = reader.deviceAddress(), source.isAssignable,
            let destination = reader.deviceAddress(),
            let flags = reader.byte(), let slot = reader.byte(), let version = reader.byte()
        else { return nil }
        self.source = source
        self.destination = destination
        slotCount = SlotCount(code: flags)
        generatesNewAddress = flags & Self.newAddressFlag != 0
        self.slot = slot == 0xFF ? .final : .number(slot)
        self.version = version
        info = reader.remainder()
    }

    /// The frame to send.
    public var frame: IrLAPFrame {
        let flags = slotCount.code | (generatesNewAddress ? Self.newAddressFlag : 0)
        let slotByte: UInt8 =
            switch slot {
            case .number(let number): number
            case .final: 0xFF
            }
        let addresses = AddressPair(source: source, destination: destination).wireBytes
        return .broadcast(
            isResponse ? .xidResponse : .xidCommand, isCommand: !isResponse,
            information: [Self.discoveryFormat] + addresses + [flags, slotByte, version] + info)
    }
}
