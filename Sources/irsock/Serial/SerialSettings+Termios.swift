import Glibc
import IrDAProtocol

extension SerialSettings {
    /// The speeds that termios has names for.
    private static let rates: [speed_t: UInt32] = [
        speed_t(B50): 50, speed_t(B75): 75, speed_t(B110): 110, speed_t(B134): 134, speed_t(B150): 150,
        speed_t(B200): 200, speed_t(B300): 300, speed_t(B600): 600, speed_t(B1200): 1200, speed_t(B1800): 1800,
        speed_t(B2400): 2400, speed_t(B4800): 4800, speed_t(B9600): 9600, speed_t(B19200): 19200,
        speed_t(B38400): 38400, speed_t(B57600): 57600, speed_t(B115200): 115_200, speed_t(B230400): 230_400,
        speed_t(B460800): 460_800, speed_t(B500000): 500_000, speed_t(B576000): 576_000, speed_t(B921600): 921_600,
        speed_t(B1000000): 1_000_000, speed_t(B1152000): 1_152_000, speed_t(B1500000): 1_500_000,
        speed_t(B2000000): 2_000_000, speed_t(B2500000): 2_500_000, speed_t(B3000000): 3_000_000,
        speed_t(B3500000): 3_500_000, speed_t(B4000000): 4_000_000,
    ]

    /// What a program has set, as far as a pseudo-terminal keeps it: Linux makes all of them eight data bits without parity.
    ///
    /// - Parameters:
    ///   - terminal: the settings of the pseudo-terminal.
    ///   - old: what holds where a program says nothing: the format, and the rate at a speed without a name.
    init(_ terminal: termios, keeping old: SerialSettings) {
        self = old
        var terminal = terminal
        if let rate = Self.rates[cfgetospeed(&terminal)] { dataRate = rate }
        flowControl = []
        if UInt32(terminal.c_cflag) & UInt32(truncatingIfNeeded: CRTSCTS) != 0 {
            flowControl.formUnion([.rtsCTSIn, .rtsCTSOut])
        }
        if terminal.c_iflag & tcflag_t(IXON) != 0 { flowControl.insert(.xonXoffOut) }
        if terminal.c_iflag & tcflag_t(IXOFF) != 0 { flowControl.insert(.xonXoffIn) }
        let (start, stop) = withUnsafeBytes(of: terminal.c_cc) { ($0[Int(VSTART)], $0[Int(VSTOP)]) }
        // Zero means that there is none, which only matters if it is used.
        if flowControl.isDisjoint(with: [.xonXoffIn, .xonXoffOut]) || (start == 0 && stop == 0) { return }
        xonXoff = CharacterPair(start, stop)
    }
}

extension termios {
    /// Whether a program has hung up by setting the speed 0.
    var isHungUp: Bool {
        var settings = self
        return cfgetospeed(&settings) == speed_t(B0)
    }

    /// Whether the lines go down when the last program closes the port.
    var hangsUpOnClose: Bool { c_cflag & tcflag_t(HUPCL) != 0 }
}
