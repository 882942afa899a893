public import SocketBackends

extension OptionLevel {
    /// SOL_RFCOMM, 3 (ws2bth.h).
    public static let rfcomm = Self(rawValue: 3)
}

extension SocketOption {
    /// SO_BTH_AUTHENTICATE: ULONG, to be set before connect.
    public static let bluetoothAuthenticate = Self(rfcomm: 0x8000_0001)
    /// SO_BTH_ENCRYPT: ULONG, to be set before connect.
    public static let bluetoothEncrypt = Self(rfcomm: 0x0000_0002)
    /// SO_BTH_MTU: ULONG; the only one that can be read.
    public static let bluetoothMTU = Self(rfcomm: 0x8000_0007)
    /// SO_BTH_MTU_MAX: ULONG.
    public static let bluetoothMaximumMTU = Self(rfcomm: 0x8000_0008)
    /// SO_BTH_MTU_MIN: ULONG.
    public static let bluetoothMinimumMTU = Self(rfcomm: 0x8000_000A)

    private init(rfcomm name: UInt32) {
        self.init(level: .rfcomm, name: OptionName(rawValue: Int32(bitPattern: name)))
    }
}

/// What a program wants of its connection. Linux keeps the size of RFCOMM's frames to itself, so that is remembered only.
struct BluetoothOptions: Hashable, Sendable {
    var authenticates = false
    var encrypts = false
    /// RFCOMM_MIN_MTU to RFCOMM_MAX_MTU.
    private(set) var minimumMTU = range.lowerBound
    private(set) var maximumMTU = range.upperBound
    private(set) var mtu = range.upperBound

    private static let range: ClosedRange<UInt32> = 23...1011

    /// Linux' BT_SECURITY: BT_SECURITY_LOW 1, or BT_SECURITY_MEDIUM 2, which both authenticates and encrypts.
    var security: [UInt8] { [authenticates || encrypts ? 2 : 1, 0] }

    /// Takes a new value; true if it is one of the two that concern security.
    ///
    /// - Throws: WSAEFAULT for a short value, WSAEINVAL for a size that RFCOMM does not have; WSAENOPROTOOPT for another option.
    mutating func set(_ option: SocketOption, to value: OptionValue, for operation: String) throws(SocketError) -> Bool
    {
        let number = try value.integer(UInt32.self, for: operation)
        switch option {
        case .bluetoothAuthenticate:
            authenticates = number != 0
            return true
        case .bluetoothEncrypt:
            encrypts = number != 0
            return true
        case .bluetoothMTU:
            mtu = try checked(number, minimumMTU...maximumMTU, operation)
        case .bluetoothMaximumMTU:
            maximumMTU = try checked(number, minimumMTU...Self.range.upperBound, operation)
            mtu = min(mtu, maximumMTU)
        case .bluetoothMinimumMTU:
            minimumMTU = try checked(number, Self.range.lowerBound...maximumMTU, operation)
            mtu = max(mtu, minimumMTU)
        default:
            throw SocketError(.WSAENOPROTOOPT, operation: operation, reason: "RFCOMM has no such option")
        }
        return false
    }

    private func checked(
        _ number: UInt32, _ range: ClosedRange<UInt32>, _ operation: String
    ) throws(SocketError) -> UInt32 {
        guard range.contains(number) else {
            throw SocketError(
                .WSAEINVAL, operation: operation,
                reason: "\(number) is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
