/// The hardware of the ACT-IR200L: a register chip that takes a register and a value in each command byte.
public struct RegisterChipModel: SerialDongleModel {
    private var power = LinePower()
    private var history = LineHistory()
    private var registers = [UInt8](repeating: 0, count: 16)
    private var shadow = [UInt8](repeating: 0, count: 16)
    private var divider = Self.initialDivider
    private static let initialDivider = 0x17
    private static let control = 0
    private static let load = 1
    private static let bank = 13

    /// A dongle with any divider from before, which gives 230400 / (divider + 1) bit/s.
    public init(divider: Int = 0x17) {
        self.divider = divider
        registers[Self.control] = 3
    }

    /// Its speed, when it has power.
    public func rate(at now: Duration) -> Int? { power.isOn(at: now) ? 230_400 / (divider + 1) : nil }

    /// A pulse of RTS of 25 ms resets it.
    public mutating func set(_ lines: SerialLines, at now: Duration) {
        if let (old, time) = history.change(to: lines, at: now), old == .onlyDTR, time >= .milliseconds(25) {
            registers = [UInt8](repeating: 0, count: 16)
            shadow = registers
            divider = Self.initialDivider
        }
        power.feed(lines != .neither, at: now)
    }

    /// Data, or a nibble for a register.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        guard power.isOn(at: now) else { return nil }
        switch history.lines {
        case .both: return registers[Self.control] & 1 != 0 ? .light(byte) : nil
        case .onlyRTS:
            write(byte & 0x0F, to: Int(byte >> 4))
            return nil
        default: return nil
        }
    }

    private mutating func write(_ value: UInt8, to register: Int) {
        if register != Self.bank, registers[Self.bank] & 1 != 0 {
            shadow[register] = value
            return
        }
        registers[register] = value
        if register == Self.load, value & 1 != 0 { divider = Int(registers[9] << 4 | registers[8]) }
    }

    /// In data mode, with the receiver on.
    public func hearsLight(at now: Duration) -> Bool {
        power.isOn(at: now) && history.lines == .both && registers[Self.control] & 2 != 0
    }
}
