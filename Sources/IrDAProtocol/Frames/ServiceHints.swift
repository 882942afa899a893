/// What a device says in discovery about the services it has (IrLMP 1.1, 3.4.1.1). Hints promise nothing; IAS decides.
///
/// Hint byte 1 is the lowest byte of the raw value, byte 2 the next, byte 3 the third. The extension bits (bit 7 of each byte)
/// belong to the encoding and are always clear here.
public struct ServiceHints: OptionSet, Sendable, Hashable, CustomStringConvertible {
    /// The hint bits without extension bits.
    public let rawValue: UInt32

    /// The hints with these bits; extension bits and a fourth byte are dropped.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue & 0x7F_7F7F
    }

    /// Plug and Play: an IAS object of class PnP is there.
    public static let pnp = ServiceHints(rawValue: 0x01)
    /// Palm-top computer.
    public static let pda = ServiceHints(rawValue: 0x02)
    /// Computer.
    public static let computer = ServiceHints(rawValue: 0x04)
    /// Printer; set whenever IrLPT is offered.
    public static let printer = ServiceHints(rawValue: 0x08)
    /// Modem.
    public static let modem = ServiceHints(rawValue: 0x10)
    /// Fax.
    public static let fax = ServiceHints(rawValue: 0x20)
    /// LAN access.
    public static let lanAccess = ServiceHints(rawValue: 0x40)
    /// Telephony.
    public static let telephony = ServiceHints(rawValue: 0x01_00)
    /// File server.
    public static let fileServer = ServiceHints(rawValue: 0x02_00)
    /// IrCOMM.
    public static let irCOMM = ServiceHints(rawValue: 0x04_00)
    /// Message (known to Linux only).
    public static let message = ServiceHints(rawValue: 0x08_00)
    /// HTTP (known to Linux only).
    public static let http = ServiceHints(rawValue: 0x10_00)
    /// OBEX; many OBEX clients try no device without it.
    public static let obex = ServiceHints(rawValue: 0x20_00)

    private static let named: [(name: String, hint: ServiceHints)] = [
        ("PnP", .pnp), ("PDA", .pda), ("Computer", .computer), ("Printer", .printer), ("Modem", .modem), ("Fax", .fax),
        ("LANAccess", .lanAccess), ("Telephony", .telephony), ("FileServer", .fileServer), ("IrCOMM", .irCOMM),
        ("Message", .message), ("HTTP", .http), ("OBEX", .obex),
    ]

    /// One hint by its name in `names`, in any letter case, or by its bits as `0x...`; nil if unknown.
    public init?(name: String) {
        let wanted = name.lowercased()
        if let known = Self.named.first(where: { $0.name.lowercased() == wanted }) {
            self = known.hint
        } else if wanted.hasPrefix("0x"), let bits = UInt32(wanted.dropFirst(2), radix: 16) {
            self.init(rawValue: bits)
        } else {
            return nil
        }
    }

    /// The names of the hints in bit order; bits without a name come last as one `0x...`.
    public var names: [String] {
        var names: [String] = []
        var rest = self
        for (name, hint) in Self.named where rest.contains(hint) {
            names.append(name)
            rest.remove(hint)
        }
        if !rest.isEmpty { names.append("0x" + String(rest.rawValue, radix: 16, uppercase: true)) }
        return names
    }

    /// The names joined by commas.
    public var description: String { names.joined(separator: ",") }

    /// One to three bytes as transmitted, with extension bits, without trailing zero bytes.
    public var wireBytes: [UInt8] {
        let bytes = [0, 8, 16].map { UInt8(truncatingIfNeeded: rawValue >> $0) }
        let last = bytes.lastIndex { $0 != 0 } ?? 0
        return (0...last).map { $0 < last ? bytes[$0] | 0x80 : bytes[$0] }
    }

    /// Reads hint bytes off the front up to the first without an extension bit; bytes behind the third are skipped.
    public static func decode(_ bytes: some Sequence<UInt8>) -> (hints: ServiceHints, length: Int) {
        var rawValue: UInt32 = 0
        var length = 0
        for byte in bytes {
            if length < 3 { rawValue |= UInt32(byte & 0x7F) << (8 * length) }
            length += 1
            if byte & 0x80 == 0 { break }
        }
        return (ServiceHints(rawValue: rawValue), length)
    }
}
