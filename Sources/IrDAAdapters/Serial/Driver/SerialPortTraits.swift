/// What kind of port a dongle is behind, as far as a driver must know.
public struct SerialPortTraits: Hashable, Sendable {
    /// How far the port's word can be trusted that everything has left.
    public struct Draining: Hashable, Sendable {
        /// The bytes that may still be in the chip when the port says that all have left.
        public var hiddenBytes: Int
        /// How long to wait after the computed end of the last byte before a control line may change.
        public var guardTime: Duration

        /// Makes a description.
        public init(hiddenBytes: Int, guardTime: Duration) {
            self.hiddenBytes = hiddenBytes
            self.guardTime = guardTime
        }

        /// The port asks the shift register itself.
        public static let asksShiftRegister = Draining(hiddenBytes: 0, guardTime: .milliseconds(2))
        /// The port asks the chip at the other end of a USB cable.
        public static let asksChip = Draining(hiddenBytes: 0, guardTime: .milliseconds(5))
        /// The port only knows what it has handed to the chip (PL2303, CH34x and others on USB).
        public static let handsOver = Draining(hiddenBytes: 256, guardTime: .milliseconds(20))
        /// There is no wire (a pseudo-terminal, a stream to an emulator).
        public static let noWire = Draining(hiddenBytes: 0, guardTime: .zero)
    }

    /// How far the port's word can be trusted.
    public var draining: Draining
    /// How much later than on the wire an answer may be heard: the latency of a USB bridge, or of a network.
    public var answerAllowance: Duration
    /// How long a change of the control lines may take to arrive; nothing is sent before.
    public var lineLatency: Duration
    /// Whether the driver itself keeps to the line speed, because the port takes everything at once: pseudo-terminals and streams.
    public var isPaced: Bool

    /// Makes a description.
    public init(draining: Draining, answerAllowance: Duration, lineLatency: Duration, isPaced: Bool) {
        self.draining = draining
        self.answerAllowance = answerAllowance
        self.lineLatency = lineLatency
        self.isPaced = isPaced
    }

    /// A UART that the machine has itself.
    public static let uart = SerialPortTraits(
        draining: .asksShiftRegister, answerAllowance: .zero, lineLatency: .zero, isPaced: false)
    /// A USB chip that says when its transmitter is empty: FTDI.
    public static let askingUSB = SerialPortTraits(
        draining: .asksChip, answerAllowance: .milliseconds(35), lineLatency: .milliseconds(5), isPaced: false)
    /// Any other serial port on USB.
    public static let usb = SerialPortTraits(
        draining: .handsOver, answerAllowance: .milliseconds(35), lineLatency: .milliseconds(5), isPaced: false)
    /// A pseudo-terminal, or a stream of bytes.
    public static let stream = SerialPortTraits(
        draining: .noWire, answerAllowance: .milliseconds(200), lineLatency: .zero, isPaced: true)
}
