/// The largest I-field a station takes within a connection: negotiation parameter 83 (IrLAP 1.1, 6.6.5).
///
/// The raw value is the bit of the parameter.
public enum DataSize: UInt8, Sendable, Hashable, CaseIterable {
    /// 64 bytes, what every station takes.
    case bytes64 = 0
    /// 128 bytes.
    case bytes128 = 1
    /// 256 bytes.
    case bytes256 = 2
    /// 512 bytes.
    case bytes512 = 3
    /// 1024 bytes.
    case bytes1024 = 4
    /// 2048 bytes.
    case bytes2048 = 5

    /// The size in bytes, before escaping.
    public var bytes: Int { 64 << Int(rawValue) }
}
