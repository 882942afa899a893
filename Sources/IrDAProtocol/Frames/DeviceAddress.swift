/// The 32-bit address by which an IrLAP station is known until it renews it (IrLAP 1.1, 5.7.1.4.1.4.1.1).
///
/// It is random, chosen at start and renewed on a conflict: devices are told apart for good by nickname and hints.
public struct DeviceAddress: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Every device in range.
    public static let broadcast = DeviceAddress(rawValue: 0xFFFF_FFFF)

    /// Addresses that one large vendor uses for private sniffing; avoiding them costs nothing.
    private static let privateAddresses: Set<UInt32> = [0x736E_6966, 0x726F_7365, 0x7072_6265]

    /// The address as a number; example links are written as this number.
    public let rawValue: UInt32

    /// An address of any value; whether a device may have it is `isAssignable`.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The address in four bytes as transmitted, low byte first; nil unless there are exactly four.
    public init?(wireBytes: some Collection<UInt8>) {
        guard wireBytes.count == 4 else { return nil }
        rawValue = wireBytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// A random address that a device may have.
    public static func random(using generator: inout some RandomNumberGenerator) -> DeviceAddress {
        while true {
            let candidate = DeviceAddress(rawValue: UInt32.random(in: 1...0xFFFF_FFFE, using: &generator))
            if !privateAddresses.contains(candidate.rawValue) { return candidate }
        }
    }

    /// Whether a device may have this address: neither 0 nor the broadcast address.
    public var isAssignable: Bool { rawValue != 0 && self != .broadcast }

    /// The four bytes as transmitted, low byte first (IrLAP 1.1, 6.5).
    public var wireBytes: [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: rawValue >> $0) }
    }

    /// For example `0x12345678`.
    public var description: String { "0x" + Hexadecimal.digits(rawValue) }

    /// The order that decides who becomes secondary when two stations connect to each other (IrLAP 1.1, 6.11).
    public static func < (first: DeviceAddress, second: DeviceAddress) -> Bool {
        first.rawValue < second.rawValue
    }
}

/// The two device addresses that frames outside a connection carry.
public struct AddressPair: Sendable, Hashable {
    /// The station that sent the frame.
    public var source: DeviceAddress
    /// The station it is for.
    public var destination: DeviceAddress

    /// A pair of addresses.
    public init(source: DeviceAddress, destination: DeviceAddress) {
        self.source = source
        self.destination = destination
    }

    /// Both addresses as transmitted, eight bytes, source first.
    public var wireBytes: [UInt8] { source.wireBytes + destination.wireBytes }
}
