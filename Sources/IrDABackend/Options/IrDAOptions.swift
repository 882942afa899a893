public import SocketBackends

extension SocketOption {
    /// IRLMP_ENUMDEVICES: looks for devices; a `DEVICELIST`.
    public static let irlmpEnumDevices = Self(level: .irlmp, name: OptionName(rawValue: 0x10))
    /// IRLMP_IAS_SET: sets an attribute of this station's information base; an `IAS_SET`, write only.
    public static let irlmpIASSet = Self(level: .irlmp, name: OptionName(rawValue: 0x11))
    /// IRLMP_IAS_QUERY: asks a device; an `IAS_QUERY`, read and written.
    public static let irlmpIASQuery = Self(level: .irlmp, name: OptionName(rawValue: 0x12))
    /// IRLMP_SEND_PDU_LEN: the most bytes of one PDU on a connection; a DWORD, read only.
    public static let irlmpSendPDULength = Self(level: .irlmp, name: OptionName(rawValue: 0x13))
    /// IRLMP_EXCLUSIVE_MODE: whether the next connect asks for the link to be this socket's alone; a BOOL.
    public static let irlmpExclusiveMode = Self(level: .irlmp, name: OptionName(rawValue: 0x14))
}
