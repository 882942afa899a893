public import SocketBackends

// The options of SOL_IRLMP that af_irda.h has.
extension SocketOption {
    /// IRLMP_ENUMDEVICES: looks for devices; a `DEVICELIST`.
    public static let irlmpEnumDevices = Self(irlmp: 0x10)
    /// IRLMP_IAS_SET: sets an attribute of this station's information base; an `IAS_SET`, write only.
    public static let irlmpIASSet = Self(irlmp: 0x11)
    /// IRLMP_IAS_QUERY: asks a device; an `IAS_QUERY`, read and written.
    public static let irlmpIASQuery = Self(irlmp: 0x12)
    /// IRLMP_SEND_PDU_LEN: the most bytes of one PDU on a connection; a DWORD, read only.
    public static let irlmpSendPDULength = Self(irlmp: 0x13)
    /// IRLMP_EXCLUSIVE_MODE: whether the next connect asks for the link to be this socket's alone; a BOOL.
    public static let irlmpExclusiveMode = Self(irlmp: 0x14)
    /// IRLMP_IRLPT_MODE: whether the next connect is to a printer, without TinyTP; a BOOL, write only. A server ignores it.
    public static let irlmpIrLPTMode = Self(irlmp: 0x15)
    /// IRLMP_9WIRE_MODE: whether data goes in IrCOMM's cooked framing; a BOOL, to be set before bind or connect.
    public static let irlmp9WireMode = Self(irlmp: 0x16)
}

// What only linux/irda.h has, under its own numbers, which af_irda.h leaves free; structures are those of af_irda.h.
extension SocketOption {
    /// IRLMP_HINTS_SET: hint bits that this station shows while the socket is open; an int, write only.
    public static let irlmpHintsSet = Self(irlmp: 4)
    /// IRLMP_MAX_SDU_SIZE: the longest message. Written before connect: what we take; read after: what the peer takes; an int.
    public static let irlmpMaxSDUSize = Self(irlmp: 7)
    /// IRLMP_IAS_GET: reads this station's own information base; an `IAS_QUERY` whose device does not count.
    public static let irlmpIASGet = Self(irlmp: 8)
    /// IRLMP_IAS_DEL: removes an attribute that the socket has set; an `IAS_SET` whose value does not count, write only.
    public static let irlmpIASDelete = Self(irlmp: 9)
    /// IRLMP_HINT_MASK_SET: which hints a device must have, any of them, to be listed; an int, write only.
    public static let irlmpHintMaskSet = Self(irlmp: 10)
    /// IRLMP_WAITDEVICE: waits for a device; milliseconds in, its identifier out, both an int.
    public static let irlmpWaitDevice = Self(irlmp: 11)

    private init(irlmp number: Int32) {
        self.init(level: .irlmp, name: OptionName(rawValue: number))
    }
}
