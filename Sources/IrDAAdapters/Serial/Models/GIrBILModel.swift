/// The hardware of a Greenwich GIrBIL.
public struct GIrBILModel: SerialDongleModel {
    private var power = LinePower()
    private var history = LineHistory()
    private var current: Int
    private var chosen = 9600
    private var control: UInt8 = 0

    /// A dongle with any speed from before, in bit/s.
    public init(rate: Int = 9600) { current = rate }

    /// Its speed, when it has power.
    public func rate(at now: Duration) -> Int? { power.isOn(at: now) ? current : nil }

    /// A pulse of RTS of 5 ms resets it.
    public mutating func set(_ lines: SerialLines, at now: Duration) {
        if let (old, time) = history.change(to: lines, at: now), old == .onlyDTR, time >= .milliseconds(5) {
            current = 9600
            chosen = 9600
            control = 0
        }
        power.feed(lines != .neither, at: now)
    }

    /// Data, or a command.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        guard power.isOn(at: now) else { return nil }
        switch history.lines {
        case .both: return control & 1 != 0 ? .light(byte) : nil
        case .onlyRTS: obey(byte)
        default: break
        }
        return nil
    }

    private mutating func obey(_ byte: UInt8) {
        let rates: [UInt8: Int] = [
            0x30: 2400, 0x31: 4800, 0x32: 9600, 0x33: 19200, 0x34: 38400, 0x35: 57600, 0x36: 115_200,
        ]
        switch byte {
        case 0x00...0x0F: control = byte
        case 0x51: current = chosen
        default: chosen = rates[byte] ?? chosen
        }
    }

    /// In data mode, with the receiver on.
    public func hearsLight(at now: Duration) -> Bool {
        power.isOn(at: now) && history.lines == .both && control & 2 != 0
    }
}
