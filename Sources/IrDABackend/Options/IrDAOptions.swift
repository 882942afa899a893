public import SocketBackends

extension SocketOption {
    /// IRLMP_ENUMDEVICES: looks for devices; a `DEVICELIST`.
    public static let irlmpEnumDevices = Self(level: .irlmp, name: OptionName(rawValue: 0x10))
    /// IRLMP_IAS_QUERY: asks a device; an `IAS_QUERY`, read and written.
    public static let irlmpIASQuery = Self(level: .irlmp, name: OptionName(rawValue: 0x12))
}
