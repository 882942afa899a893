import Glibc

/// What the kernel knows of the hardware behind a terminal, from sysfs.
public struct TerminalHardware: Hashable, Sendable {
    /// The device itself, links followed: `/dev/ttyUSB0`.
    public let path: String
    /// The kernel's driver: `ftdi_sio`, `pl2303`, `cdc_acm`, `serial8250`; nil for a pseudo-terminal.
    public let driver: String?
    /// The ids of the USB device; nil if it is none.
    public let usb: USBIdentity?

    /// Looks a terminal up.
    public init(path: String) {
        self.init(path: path, sysfs: "/sys")
    }

    init(path: String, sysfs: String) {
        let real = Self.realPath(path) ?? path
        self.path = real
        let name = real.split(separator: "/").last.map(String.init) ?? ""
        let device = Self.realPath("\(sysfs)/class/tty/\(name)/device")
        let bound = device.flatMap { Self.realPath("\($0)/driver") }?.split(separator: "/").last.map(String.init)
        // Newer kernels put a driver called "port" between a UART and its own.
        driver = bound == "port" ? "serial" : bound
        usb = device.flatMap { USBIdentity(above: $0) }
    }

    /// Whether a USB cable lies between.
    public var isUSB: Bool { usb != nil }

    /// Whether it is an FTDI chip, which keeps short data for 16 ms unless told otherwise.
    public var isFTDI: Bool { driver == "ftdi_sio" }

    /// Asks an FTDI chip to send what it has every millisecond, and at the end of each frame.
    ///
    /// Where that is not permitted the low-latency flag of the terminal does the first.
    func reduceLatency() {
        guard isFTDI, let name = path.split(separator: "/").last else { return }
        let folder = "/sys/bus/usb-serial/devices/\(name)"
        Self.write("1", to: "\(folder)/latency_timer")
        // The low byte is the end of a frame, C1; the next bit switches the event on.
        Self.write("449", to: "\(folder)/event_char")
    }

    private static func write(_ text: String, to path: String) {
        guard let file = fopen(path, "we") else { return }
        fputs(text, file)
        fclose(file)
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The terminals that may have a dongle at their end: those that the kernel has found hardware for.
    public static func all() -> [TerminalHardware] {
        all(sysfs: "/sys", devices: "/dev")
    }

    static func all(sysfs: String, devices: String) -> [TerminalHardware] {
        let names = Folder.names("\(sysfs)/class/tty").filter { name in
            ["ttyUSB", "ttyACM", "ttyS", "ttyAMA"].contains(where: name.hasPrefix)
        }
        return names.sorted().map { TerminalHardware(path: "\(devices)/\($0)", sysfs: sysfs) }
            // The kernel keeps names for serial ports that the machine does not have; they are without a driver, or of type 0.
            .filter { $0.isUSB || ($0.driver != nil && Self.isRealUART($0, sysfs: sysfs)) }
    }

    private static func isRealUART(_ hardware: TerminalHardware, sysfs: String) -> Bool {
        let name = hardware.path.split(separator: "/").last ?? ""
        return USBIdentity.text(of: "\(sysfs)/class/tty/\(name)/type") != "0"
    }
}

/// Who a USB device says that it is.
public struct USBIdentity: Hashable, Sendable, Codable {
    /// The vendor's number.
    public let vendor: UInt16
    /// The product's number.
    public let product: UInt16
    /// The maker and product in words, as far as the device says them.
    public let description: String

    /// Makes an identity.
    public init(vendor: UInt16, product: UInt16, description: String) {
        self.vendor = vendor
        self.product = product
        self.description = description
    }

    /// Finds the USB device that something in sysfs belongs to.
    init?(above path: String) {
        var folder = path[...]
        while !folder.isEmpty {
            if let identity = USBIdentity(in: String(folder)) {
                self = identity
                return
            }
            folder = folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)]
        }
        return nil
    }

    /// Reads the identity of a device from its folder in sysfs.
    init?(in folder: String) {
        guard let vendor = Self.number(in: "\(folder)/idVendor"), let product = Self.number(in: "\(folder)/idProduct")
        else { return nil }
        let words = ["manufacturer", "product"].compactMap { Self.text(of: "\(folder)/\($0)") }
        self.init(vendor: vendor, product: product, description: words.joined(separator: " "))
    }

    private static func number(in path: String) -> UInt16? {
        text(of: path).flatMap { UInt16($0, radix: 16) }
    }

    /// Both numbers, as `lsusb` writes them.
    public var numbers: String { "\(Self.hexadecimal(vendor)):\(Self.hexadecimal(product))" }

    private static func hexadecimal(_ number: UInt16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// The first line of a small file.
    static func text(of path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, CInt(line.count), file) != nil else { return nil }
        let bytes = line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
