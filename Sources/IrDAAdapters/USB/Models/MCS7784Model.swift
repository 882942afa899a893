/// The hardware of an MCS7784: a UART like the 16550, with a switch for infrared and registers of the maker's own.
public struct MCS7784Model: USBAdapterModel {
    private var lamp = CharacterLamp(room: 128)
    private var uart = [UInt8](repeating: 0, count: 8)
    private var divisor = 12
    private var registers = [UInt8](repeating: 0, count: 8)
    private var heard: [UInt8] = []
    private let needsModemLines: Bool
    private static let packet = 64

    /// A stick with any setting from before.
    ///
    /// - Parameters:
    ///   - isDivisorOpen: whether the divisor was left open, which hides the data.
    ///   - divisor: the divisor that it was left with.
    ///   - needsModemLines: whether it gives no light before its modem lines are up.
    public init(isDivisorOpen: Bool = false, divisor: Int = 12, needsModemLines: Bool = false) {
        uart[3] = isDivisorOpen ? 0x83 : 0x03
        self.divisor = divisor
        self.needsModemLines = needsModemLines
    }

    /// The light that it has sent.
    public var light: [AirLight] {
        get { lamp.light }
        set { lamp.light = newValue }
    }

    /// Its speed in bit/s; nil while nothing goes out or comes in.
    public var rate: Int? {
        guard registers[4] & 0x40 != 0, uart[3] == 0x03, divisor > 0 else { return nil }
        // A register of its own has to say whether this is the fastest speed.
        guard (divisor == 1) == (registers[2] == 1), registers[3] == 0 else { return nil }
        return 115_200 / divisor
    }

    /// Registers, byte by byte; a divisor while the line register opens it.
    public mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome {
        let register = Int(setup.index)
        guard register < 8 else { return .stalled }
        switch (setup.requestType, setup.request, setup.value & 0xFF00) {
        case (0xC0, 0x0D, 0x0300) where setup.length == 1:
            guard register == 5 else { return .done([uart[register]]) }
            return .done([(lamp.isShining(at: now) ? 0 : 0x60) | (heard.isEmpty ? 0 : 1)])
        case (0xC0, 0x0D, 0x0000) where setup.length == 1: return .done([registers[register]])
        case (0x40, 0x0E, 0x0300) where setup.length == 0: write(register, UInt8(setup.value & 0xFF), at: now)
        case (0x40, 0x0E, 0x0000) where setup.length == 0:
            lamp.cut(at: now)
            registers[register] = UInt8(setup.value & 0xFF)
        default: return .stalled
        }
        return .done([])
    }

    private mutating func write(_ register: Int, _ value: UInt8, at now: Duration) {
        lamp.cut(at: now)
        switch register {
        case 0, 1:
            guard uart[3] & 0x80 != 0 else {
                uart[register] = value
                return
            }
            divisor = register == 0 ? divisor & 0xFF00 | Int(value) : divisor & 0xFF | Int(value) << 8
        default: uart[register] = value
        }
    }

    /// Characters for the air; those that come before infrared is on vanish.
    public mutating func send(
        _ bytes: [UInt8], endsShort: Bool, at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        guard let rate, !needsModemLines || uart[4] & 0x0B == 0x0B else { return (.done([]), now) }
        return (.done([]), lamp.shine(bytes, rate: rate, at: now))
    }

    /// A packet of what has been heard.
    public mutating func read(at now: Duration) -> [UInt8]? {
        guard !heard.isEmpty else { return nil }
        defer { heard.removeFirst(min(Self.packet, heard.count)) }
        return Array(heard.prefix(Self.packet))
    }

    /// Characters at its own speed.
    public mutating func see(_ seen: AirLight, at now: Duration) {
        guard seen.rate == rate, !lamp.isShining(at: now), case .characters(let characters) = seen.light else { return }
        heard += characters
    }
}
