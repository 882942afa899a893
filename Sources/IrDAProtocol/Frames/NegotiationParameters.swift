/// What one station announces in its SNRM or UA (IrLAP 1.1, 6.6).
///
/// Line speeds and disconnect times (type 0) are negotiated to a common value; all the others (type 1) bind the peer when it
/// transmits to this station.
public struct NegotiationParameters: Sendable, Hashable {
    /// The speeds the station can use (01).
    public var baudRates: BaudRateSet
    /// How long the peer may hold the line (82).
    public var maximumTurnaround: MaximumTurnaround
    /// The largest I-field the peer may send (83).
    public var dataSize: DataSize
    /// How many I and UI frames the peer may send in a row, 1 to 7 (84).
    public var windowSize: Int
    /// How many additional BOFs the peer must send (85).
    public var additionalBOFs: AdditionalBOFs
    /// How long the peer must wait after the station's last byte (86).
    public var minimumTurnaround: MinimumTurnaround
    /// The disconnect times the station can use (08).
    public var disconnectTimes: DisconnectTimeSet

    /// What counts for a station that announces nothing (IrLAP 1.1, 6.6.10).
    public static let defaults = NegotiationParameters(
        baudRates: .rate9600, maximumTurnaround: .ms500, dataSize: .bytes64, windowSize: 1, additionalBOFs: .bofs0,
        minimumTurnaround: .ms10, disconnectTimes: .all)

    /// What a serial station of this stack announces: 9600 to 115200 bit/s, 500 ms, 2048 bytes, 7 frames, no additional
    /// BOFs, 10 ms, every disconnect time.
    public static let standard = NegotiationParameters(
        baudRates: .sir, maximumTurnaround: .ms500, dataSize: .bytes2048, windowSize: 7, additionalBOFs: .bofs0,
        minimumTurnaround: .ms10, disconnectTimes: .all)

    /// What this stack itself can do, behind whatever port; what the port cannot do is to be left out.
    public static let unlimited = NegotiationParameters(
        baudRates: .all, maximumTurnaround: .ms500, dataSize: .bytes2048, windowSize: 7, additionalBOFs: .bofs0,
        minimumTurnaround: .zero, disconnectTimes: .all)

    /// An announcement from its values; the window size is brought into 1 to 7.
    public init(
        baudRates: BaudRateSet, maximumTurnaround: MaximumTurnaround, dataSize: DataSize, windowSize: Int,
        additionalBOFs: AdditionalBOFs, minimumTurnaround: MinimumTurnaround, disconnectTimes: DisconnectTimeSet
    ) {
        self.baudRates = baudRates
        self.maximumTurnaround = maximumTurnaround
        self.dataSize = dataSize
        self.windowSize = min(max(windowSize, 1), 7)
        self.additionalBOFs = additionalBOFs
        self.minimumTurnaround = minimumTurnaround
        self.disconnectTimes = disconnectTimes
    }

    /// The parameter identifiers (IrLAP 1.1, 6.6.1), in the order of transmission.
    private enum Identifier: UInt8 {
        case baudRate = 0x01
        case maximumTurnaround = 0x82
        case dataSize = 0x83
        case windowSize = 0x84
        case additionalBOFs = 0x85
        case minimumTurnaround = 0x86
        case disconnectTime = 0x08
    }

    /// Reads the parameter field of an SNRM or UA. Every sequence is one: what is missing, cut off or has no defined bit
    /// counts as the default, unknown parameters and surplus value bytes are skipped (IrLAP 1.1, 6.6.10).
    public init(parsing bytes: some Collection<UInt8>) {
        self = .defaults
        var reader = ByteReader(Array(bytes))
        while let code = reader.byte(), let length = reader.byte(), let value = reader.bytes(Int(length)) {
            if let identifier = Identifier(rawValue: code), let low = value.first {
                apply(identifier, low: low, high: value.dropFirst().first ?? 0)
            }
        }
    }

    private mutating func apply(_ identifier: Identifier, low: UInt8, high: UInt8) {
        switch identifier {
        case .baudRate:
            let rates = BaudRateSet(rawValue: UInt16(high) << 8 | UInt16(low))
            if !rates.isEmpty { baudRates = rates }
        case .maximumTurnaround:
            maximumTurnaround = Self.highest(of: low) ?? maximumTurnaround
        case .dataSize:
            dataSize = Self.highest(of: low) ?? dataSize
        case .windowSize:
            if let bit = (0..<7).last(where: { low & 1 << $0 != 0 }) { windowSize = bit + 1 }
        case .additionalBOFs:
            additionalBOFs = Self.highest(of: low) ?? additionalBOFs
        case .minimumTurnaround:
            minimumTurnaround = Self.highest(of: low) ?? minimumTurnaround
        case .disconnectTime:
            if low != 0 { disconnectTimes = DisconnectTimeSet(rawValue: low) }
        }
    }

    /// The value of a type 1 parameter: that of its highest defined bit.
    private static func highest<Value>(of bits: UInt8) -> Value?
    where Value: RawRepresentable<UInt8> & CaseIterable {
        Value.allCases.reversed().first { bits & 1 << $0.rawValue != 0 }
    }

    /// The parameter field as transmitted. The bits below a type 1 value are set too, as recommended (IrLAP 1.1, 6.6.11).
    ///
    /// The line speeds take a second byte only if one above 1.152 Mbit/s is offered.
    public var bytes: [UInt8] {
        let rates = [UInt8(truncatingIfNeeded: baudRates.rawValue), UInt8(truncatingIfNeeded: baudRates.rawValue >> 8)]
        let fields: [(Identifier, [UInt8])] = [
            (.baudRate, rates[1] == 0 ? [rates[0]] : rates),
            (.maximumTurnaround, [Self.bits(upTo: maximumTurnaround.rawValue)]),
            (.dataSize, [Self.bits(upTo: dataSize.rawValue)]),
            (.windowSize, [Self.bits(upTo: UInt8(min(max(windowSize, 1), 7) - 1))]),
            (.additionalBOFs, [Self.bits(upTo: additionalBOFs.rawValue)]),
            (.minimumTurnaround, [Self.bits(upTo: minimumTurnaround.rawValue)]),
            (.disconnectTime, [disconnectTimes.rawValue]),
        ]
        return fields.flatMap { [$0.rawValue, UInt8($1.count)] + $1 }
    }

    private static func bits(upTo bit: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: (UInt16(2) << bit) - 1)
    }

    /// What the secondary returns in its UA: its own announcement with the type 0 parameters reduced to those both have
    /// (IrLAP 1.1, 6.6.11).
    ///
    /// Without a common value, which the specification leaves open, the default is returned.
    public func intersecting(_ peer: NegotiationParameters) -> NegotiationParameters {
        var common = self
        common.baudRates.formIntersection(peer.baudRates)
        common.disconnectTimes.formIntersection(peer.disconnectTimes)
        if common.baudRates.isEmpty { common.baudRates = Self.defaults.baudRates }
        if common.disconnectTimes.isEmpty { common.disconnectTimes = Self.defaults.disconnectTimes }
        return common
    }
}
