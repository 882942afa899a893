/// The ways in which IrCOMM carries a port (IrCOMM 1.0, 2); of a connection just one, of a device all that it offers.
public struct IrCOMMServiceTypes: OptionSet, Hashable, Sendable {
    /// The bits as parameter 00 has them.
    public let rawValue: UInt8

    /// The types with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Data only, straight over the multiplexer.
    public static let threeWireRaw = Self(rawValue: 0x01)
    /// Data and settings over TinyTP.
    public static let threeWire = Self(rawValue: 0x02)
    /// Data, settings, lines and breaks of a serial port over TinyTP.
    public static let nineWire = Self(rawValue: 0x04)
    /// A parallel port over TinyTP.
    public static let centronics = Self(rawValue: 0x08)

    /// The types with a control channel.
    public static let cooked: Self = [.threeWire, .nineWire, .centronics]

    /// The type that holds without parameter 00: the highest of the cooked ones (IrCOMM 1.0, 5.3); nil if there is none.
    public var preferredCooked: Self? {
        [.centronics, .nineWire, .threeWire].first(where: contains)
    }
}

/// What a port is (IrCOMM 1.0, 6.2).
public struct IrCOMMPortTypes: OptionSet, Hashable, Sendable {
    /// The bits as the information base has them.
    public let rawValue: UInt8

    /// The types with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// A serial port.
    public static let serial = Self(rawValue: 0x01)
    /// A parallel port.
    public static let parallel = Self(rawValue: 0x02)
}
