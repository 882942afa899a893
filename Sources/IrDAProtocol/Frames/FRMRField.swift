/// The I-field of FRMR: which frame a secondary cannot take, and why (IrLAP 1.1, 5.7.1.8).
public struct FRMRField: Sendable, Hashable {
    /// Why the frame was rejected. No reason at all means unspecified, or an invalid Ns.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// The bits of the third byte.
        public let rawValue: UInt8

        /// The reasons with these bits; undefined bits are dropped.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue & 0x0F
        }

        /// W: the control code is undefined or not implemented.
        public static let undefinedControl = Flags(rawValue: 0x01)
        /// X: the frame must not have an I-field; sent together with W.
        public static let informationNotPermitted = Flags(rawValue: 0x02)
        /// Y: the I-field is longer than the data size.
        public static let informationTooLong = Flags(rawValue: 0x04)
        /// Z: Nr is invalid.
        public static let invalidNr = Flags(rawValue: 0x08)
    }

    /// The control byte of the rejected frame.
    public var rejectedControl: UInt8
    /// The secondary's Vr, modulo 8.
    public var vr: UInt8
    /// The secondary's Vs, modulo 8.
    public var vs: UInt8
    /// Whether the rejected frame was a response.
    public var wasResponse: Bool
    /// Why.
    public var flags: Flags

    /// A field from its parts; the numbers are taken modulo 8.
    public init(rejectedControl: UInt8, vr: UInt8, vs: UInt8, wasResponse: Bool = false, flags: Flags) {
        self.rejectedControl = rejectedControl
        self.vr = vr & 0x07
        self.vs = vs & 0x07
        self.wasResponse = wasResponse
        self.flags = flags
    }

    /// Reads the I-field of an FRMR; nil if it has fewer than three bytes. Surplus bytes are ignored.
    public init?(bytes: [UInt8]) {
        guard bytes.count >= 3 else { return nil }
        self.init(
            rejectedControl: bytes[0], vr: bytes[1] >> 5, vs: bytes[1] >> 1, wasResponse: bytes[1] & 0x10 != 0,
            flags: Flags(rawValue: bytes[2]))
    }

    /// The three bytes as transmitted.
    public var bytes: [UInt8] {
        [rejectedControl, (vr & 0x07) << 5 | (wasResponse ? 0x10 : 0) | (vs & 0x07) << 1, flags.rawValue]
    }
}
