/// The hardware of an MCP2120 in the usual home-made circuit, which has power of its own.
public struct MCP2120Model: SerialDongleModel {
    private var lines = SerialLines.both
    private var released: Duration?
    private var current: Int
    private var chosen: Int
    private let hasStraps: Bool

    /// A dongle that is held in reset.
    ///
    /// - Parameter isFixed: whether its rate pins forbid changes by commands, which it echoes all the same.
    public init(isFixed: Bool = false) {
        current = 9600
        chosen = 9600
        hasStraps = isFixed
    }

    /// Its speed, once its start-up timer of 30 ms is over.
    public func rate(at now: Duration) -> Int? { runs(at: now) ? current : nil }

    private func runs(at now: Duration) -> Bool {
        released.map { now - $0 >= .milliseconds(30) } ?? false
    }

    /// RTS is its reset, DTR its command mode.
    public mutating func set(_ lines: SerialLines, at now: Duration) {
        self.lines = lines
        if lines.rts {
            released = nil
            current = 9600
            chosen = 9600
        } else if released == nil {
            released = now
        }
    }

    /// Data, or a command, which is echoed; the new speed counts from the end of the echo.
    public mutating func receive(_ byte: UInt8, at now: Duration) -> SerialModelOutput? {
        guard runs(at: now) else { return nil }
        guard lines.dtr else { return .light(byte) }
        let rates: [UInt8: Int] = [0x87: 9600, 0x8B: 19200, 0x85: 38400, 0x83: 57600, 0x81: 115_200]
        if let rate = rates[byte] { chosen = rate }
        if byte == 0x11, !hasStraps { current = chosen }
        // The echo is less than a bit behind: it is complete when the byte is.
        return .answer(byte, after: .zero)
    }

    /// In data mode.
    public func hearsLight(at now: Duration) -> Bool { runs(at: now) && !lines.dtr }
}
