import CLinux
import Glibc
import IrDAAdapters
import SocketBackends
import SystemPackage

/// A terminal that is held for a dongle: raw, exclusive, at any speed.
final class Terminal: SerialControls {
    /// What is known of the hardware behind it.
    let hardware: TerminalHardware
    private let descriptor: SharedDescriptor
    private let name: String
    private let settings: clinux_terminal_settings
    /// Whether it has control lines; a pseudo-terminal has none.
    let hasLines: Bool
    private let asksTransmitter: Bool

    /// Opens a terminal.
    ///
    /// - Parameters:
    ///   - path: its device.
    ///   - name: what people call the port.
    /// - Throws: why it cannot be used, and what to do.
    init(path: String, name: String) throws(SocketError) {
        self.name = name
        let operation = "open \(name)"
        let opened = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard opened >= 0 else { throw Self.openError(Errno(rawValue: errno), path: path, operation: operation) }
        let owned = OwnedDescriptor(FileDescriptor(rawValue: opened))
        var settings = clinux_terminal_settings()
        guard clinux_terminal_save(opened, &settings) == 0 else {
            throw SocketError(
                .WSAEOPNOTSUPP, errno: Errno(rawValue: errno), operation: operation,
                reason: "\(path) is not a terminal",
                advice: "Name a serial port such as /dev/ttyUSB0, or use unix:PATH for a socket")
        }
        // That keeps other users' programs out, and the lock those of root.
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            throw Self.openError(.resourceBusy, path: path, operation: operation)
        }
        try systemCall(for: operation) { clinux_terminal_set_exclusive(opened) }
        try systemCall(for: operation) { clinux_terminal_make_raw(opened) }
        // Where the driver has no such thing there is nothing to be gained.
        _ = clinux_terminal_set_low_latency(opened)
        hasLines = clinux_terminal_has_lines(opened) == 0
        var isEmpty: CInt = 0
        asksTransmitter = clinux_terminal_is_empty(opened, &isEmpty) == 0
        hardware = TerminalHardware(path: path)
        hardware.reduceLatency()
        self.settings = settings
        descriptor = SharedDescriptor(owned)
    }

    private static func openError(_ error: Errno, path: String, operation: String) -> SocketError {
        let advice =
            switch error {
            case .permissionDenied:
                "Add yourself to the group that owns \(path) (dialout or uucp) and log in again, or install the udev rule"
            case .noSuchFileOrDirectory, .noSuchAddressOrDevice, Errno(rawValue: ENODEV):
                "Is it plugged in? /dev/serial/by-id lists what is there"
            case .resourceBusy: "Another program holds it; `fuser -v \(path)` names it"
            default: ""
            }
        return SocketError(error, operation: operation, advice: advice)
    }

    /// What a driver must know of it.
    var traits: SerialPortTraits {
        if !hasLines { return .stream }
        if !hardware.isUSB { return .uart }
        return asksTransmitter ? .askingUSB : .usb
    }

    /// A descriptor of its own for reading and writing.
    func makeDataDescriptor() throws(SocketError) -> CInt {
        try call("open \(name)") { fcntl($0, F_DUPFD_CLOEXEC, 0) }
    }

    @discardableResult
    private func call(_ operation: String, _ body: (CInt) -> CInt) throws(SocketError) -> CInt {
        try descriptor.withDescriptor(for: operation) { descriptor throws(SocketError) in
            try systemCall(for: operation) { body(descriptor.rawValue) }
        }
    }

    func setLines(_ lines: SerialLines) throws(SocketError) {
        guard hasLines else { return }
        try call("set the control lines of \(name)") {
            clinux_terminal_set_lines($0, lines.dtr ? 1 : 0, lines.rts ? 1 : 0)
        }
    }

    func setRate(_ rate: Int) throws(SocketError) {
        let operation = "set \(name) to \(rate) bit/s"
        guard let wanted = UInt32(exactly: rate) else {
            throw SocketError(.WSAEINVAL, operation: operation, reason: "there is no such speed")
        }
        try call(operation) { clinux_terminal_set_rate($0, wanted) }
        var achieved: UInt32 = 0
        try call(operation) { clinux_terminal_rate($0, &achieved) }
        // A receiver finds its bits as long as the speeds differ by less than half a bit in ten.
        guard abs(Int(achieved) - rate) * 100 <= rate * 3 else {
            throw SocketError(
                .WSAEOPNOTSUPP, operation: operation, reason: "its driver can only do \(achieved) bit/s")
        }
    }

    func discardInput() throws(SocketError) {
        try call("discard the input of \(name)") { clinux_terminal_discard_input($0) }
    }

    func heldBytes() throws(SocketError) -> Int {
        var count: CInt = 0
        try call("look after the output of \(name)") { clinux_terminal_held_bytes($0, &count) }
        guard count == 0, asksTransmitter else { return Int(count) }
        var isEmpty: CInt = 1
        try call("look after the output of \(name)") { clinux_terminal_is_empty($0, &isEmpty) }
        return isEmpty == 0 ? 1 : 0
    }

    func counters() -> LineCounters? {
        var counters = clinux_line_counters()
        guard (try? call("read the counters") { clinux_terminal_counters($0, &counters) }) != nil else { return nil }
        return LineCounters(
            received: counters.received, frameErrors: counters.frame_errors, parityErrors: counters.parity_errors,
            overruns: counters.overruns &+ counters.buffer_overruns, breaks: counters.breaks)
    }

    func close() {
        var settings = settings
        // If the terminal is gone there is nothing to put back.
        _ = try? call("close \(name)") { clinux_terminal_restore($0, &settings) }
        descriptor.close()
    }
}

/// What a serial line has counted since its driver took it.
public struct LineCounters: Hashable, Sendable, Codable {
    /// Bytes that came.
    public var received: UInt32
    /// Bytes without their stop bit: another speed, or noise.
    public var frameErrors: UInt32
    /// Bytes with a wrong parity bit.
    public var parityErrors: UInt32
    /// Bytes that were lost because nobody took them in time.
    public var overruns: UInt32
    /// Lines held down for longer than a byte.
    public var breaks: UInt32
}
