/// How a serial port sends characters: control parameters 10 to 14 of IrCOMM (IrCOMM 1.0, 9.3).
public struct SerialSettings: Hashable, Sendable {
    /// Bits a second.
    public var dataRate: UInt32
    /// Data bits, parity and stop bits.
    public var format: SerialFormat
    /// Who holds whom back, and how.
    public var flowControl: SerialFlowControl
    /// The characters of XON/XOFF flow control.
    public var xonXoff: CharacterPair
    /// The characters of ENQ/ACK flow control.
    public var enqAck: CharacterPair

    /// Two characters that belong together.
    public struct CharacterPair: Hashable, Sendable {
        /// XON, or ENQ.
        public var first: UInt8
        /// XOFF, or ACK.
        public var second: UInt8

        /// A pair.
        public init(_ first: UInt8, _ second: UInt8) {
            self.first = first
            self.second = second
        }

        /// DC1 and DC3.
        public static let standardXonXoff = Self(0x11, 0x13)
        /// ENQ and ACK of ASCII.
        public static let standardEnqAck = Self(0x05, 0x06)
    }

    /// Settings; without arguments those that everything begins with: 9600 8N1.
    public init(
        dataRate: UInt32 = 9600, format: SerialFormat = .eightNone1, flowControl: SerialFlowControl = [],
        xonXoff: CharacterPair = .standardXonXoff, enqAck: CharacterPair = .standardEnqAck
    ) {
        self.dataRate = dataRate
        self.format = format
        self.flowControl = flowControl
        self.xonXoff = xonXoff
        self.enqAck = enqAck
    }

    /// What a connection begins with: the characters only where they are unusual.
    var initialParameters: [IrCOMMParameter] {
        [.dataRate(dataRate), .dataFormat(format), .flowControl(flowControl)]
            + (xonXoff == .standardXonXoff ? [] : [.xonXoff(xonXoff)])
            + (enqAck == .standardEnqAck ? [] : [.enqAck(enqAck)])
    }

    /// What has to be said to one who knows the old settings.
    func parameters(changedFrom old: SerialSettings) -> [IrCOMMParameter] {
        var parameters: [IrCOMMParameter] = []
        if dataRate != old.dataRate { parameters.append(.dataRate(dataRate)) }
        if format != old.format { parameters.append(.dataFormat(format)) }
        if flowControl != old.flowControl { parameters.append(.flowControl(flowControl)) }
        if xonXoff != old.xonXoff { parameters.append(.xonXoff(xonXoff)) }
        if enqAck != old.enqAck { parameters.append(.enqAck(enqAck)) }
        return parameters
    }

    /// Takes over what a parameter says; the others leave it as it is.
    mutating func apply(_ parameter: IrCOMMParameter) {
        switch parameter {
        case .dataRate(let rate): dataRate = rate
        case .dataFormat(let format): self.format = format
        case .flowControl(let flowControl): self.flowControl = flowControl
        case .xonXoff(let pair): xonXoff = pair
        case .enqAck(let pair): enqAck = pair
        case .serviceType, .lineStatus, .breakCondition, .dteLines, .dceLines, .pollLines, .centronics, .unknown: break
        }
    }
}

extension SerialSettings: CustomStringConvertible {
    /// As people write it: `9600 8N1`.
    public var description: String { "\(dataRate) \(format)" }
}

/// Data bits, parity and stop bits in one byte (IrCOMM 1.0, 9.3.2).
public struct SerialFormat: RawRepresentable, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The format of this byte; the two highest bits, which mean nothing, are dropped.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x3F
    }

    /// What is added to each character.
    public enum Parity: UInt8, Hashable, Sendable, CaseIterable {
        /// Nothing.
        case none = 0x00
        /// A bit that makes the number of ones odd.
        case odd = 0x08
        /// A bit that makes the number of ones even.
        case even = 0x18
        /// A one.
        case mark = 0x28
        /// A zero.
        case space = 0x38
    }

    /// A format from its parts.
    ///
    /// - Parameters:
    ///   - dataBits: 5 to 8; others are taken for the nearest of these.
    ///   - parity: what is added.
    ///   - hasTwoStopBits: two, or one and a half with 5 data bits, instead of one.
    public init(dataBits: Int, parity: Parity, hasTwoStopBits: Bool) {
        let bits = UInt8(min(max(dataBits, 5), 8) - 5)
        self.init(rawValue: bits | (hasTwoStopBits ? 0x04 : 0) | parity.rawValue)
    }

    /// Eight data bits, no parity, one stop bit.
    public static let eightNone1 = Self(rawValue: 0x03)

    /// 5 to 8.
    public var dataBits: Int { Int(rawValue & 0x03) + 5 }
    /// Whether there are two stop bits; with 5 data bits that means one and a half.
    public var hasTwoStopBits: Bool { rawValue & 0x04 != 0 }
    /// What is added to each character. Without the bit that enables it the kind does not count.
    public var parity: Parity {
        rawValue & 0x08 == 0 ? .none : Parity(rawValue: rawValue & 0x38) ?? .none
    }
}

extension SerialFormat: CustomStringConvertible {
    /// As people write it: `8N1`, `7E2`.
    public var description: String {
        let letter =
            switch parity {
            case .none: "N"
            case .odd: "O"
            case .even: "E"
            case .mark: "M"
            case .space: "S"
            }
        return "\(dataBits)\(letter)\(hasTwoStopBits ? (dataBits == 5 ? "1.5" : "2") : "1")"
    }
}

/// Who holds whom back, and how (IrCOMM 1.0, 9.3.3). It is told, not done: over the air TinyTP does it.
public struct SerialFlowControl: OptionSet, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The methods of this byte.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// XON and XOFF hold the peer back.
    public static let xonXoffIn = Self(rawValue: 0x01)
    /// XON and XOFF hold this end back.
    public static let xonXoffOut = Self(rawValue: 0x02)
    /// RTS holds the peer back.
    public static let rtsCTSIn = Self(rawValue: 0x04)
    /// CTS holds this end back.
    public static let rtsCTSOut = Self(rawValue: 0x08)
    /// DTR holds the peer back.
    public static let dsrDTRIn = Self(rawValue: 0x10)
    /// DSR holds this end back.
    public static let dsrDTROut = Self(rawValue: 0x20)
    /// ENQ and ACK, one way.
    public static let enqAckIn = Self(rawValue: 0x40)
    /// ENQ and ACK, the other way.
    public static let enqAckOut = Self(rawValue: 0x80)
}
