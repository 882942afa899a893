import Glibc
import IrDAAdapters
import SocketBackends

/// A USB infrared adapter that is plugged in, as the kernel shows it.
struct PluggedAdapter: Sendable {
    /// The kernel's name for where it is: `1-4.2`.
    let place: String
    let kind: USBAdapterKind
    let identity: USBIdentity
    let bus: UInt8
    let address: UInt8
    /// The kernel's driver that has it; nil if none has.
    let driver: String?
    /// Its release (bcdDevice), which decides on its firmware; nil if the kernel does not say.
    var release: UInt16?

    /// What the device file is called.
    var path: String { "/dev/bus/usb/\(Self.threeDigits(bus))/\(Self.threeDigits(address))" }

    private static func threeDigits(_ number: UInt8) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// All that are plugged in, in the order of their places.
    static func all(sysfs: String = "/sys") -> [PluggedAdapter] {
        let folder = "\(sysfs)/bus/usb/devices"
        let names = Folder.names(folder)
        return names.filter { !$0.contains(":") }.sorted().compactMap { place in
            let device = "\(folder)/\(place)"
            guard let identity = USBIdentity(in: device), let bus = Self.number("\(device)/busnum"),
                let address = Self.number("\(device)/devnum")
            else { return nil }
            let interfaces = names.filter { $0.hasPrefix("\(place):") }.sorted().map { "\(folder)/\($0)" }
            let classes = interfaces.compactMap { Self.interfaceClass($0) }
            guard
                let kind = USBAdapterKind.kind(
                    vendor: identity.vendor, product: identity.product, classes: classes)
            else { return nil }
            let driver = interfaces.lazy.compactMap { Folder.linkName("\($0)/driver") }.first
            return PluggedAdapter(
                place: place, kind: kind, identity: identity, bus: bus, address: address, driver: driver,
                release: USBIdentity.text(of: "\(device)/bcdDevice").flatMap { UInt16($0, radix: 16) })
        }
    }

    private static func number(_ path: String) -> UInt8? { USBIdentity.text(of: path).flatMap { UInt8($0) } }

    /// The class of an interface, from its folder in sysfs.
    static func interfaceClass(_ folder: String) -> USBAdapterKind.InterfaceClass? {
        let numbers = ["bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"].compactMap { name in
            USBIdentity.text(of: "\(folder)/\(name)").flatMap { UInt8($0, radix: 16) }
        }
        return numbers.count == 3 ? .init(base: numbers[0], sub: numbers[1], proto: numbers[2]) : nil
    }
}

extension PluggedAdapter {
    /// Makes its machine as its owner wants it.
    ///
    /// - Throws: WSAEOPNOTSUPP if it is a serial port of the kernel's; WSAEINVAL if the options are not for it.
    func adapter(
        _ options: USBAdapterOptions, _ operation: String, interface: UInt8 = 0
    ) throws(SocketError) -> any USBAdapter {
        guard kind.isDriven else {
            throw SocketError(
                .WSAEOPNOTSUPP, operation: operation,
                reason: "the kernel makes a serial port of a \(kind.summary)",
                advice: "`irsock adapters` says which: give that as --port")
        }
        do throws(USBAdapterOptionError) {
            return try kind.adapter(interface: interface, options: options)
        } catch {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: error.description,
                advice: "`irsock serve --help` lists what each adapter takes")
        }
    }
}

/// What is in a folder.
enum Folder {
    static func names(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// What is in a file, up to so many bytes; nothing if it cannot be read.
    static func bytes(of path: String, atMost count: Int) -> [UInt8] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            read = fread(buffer.baseAddress, 1, count, file)
        }
    }

    /// The last name of what a link leads to.
    static func linkName(_ path: String) -> String? { link(path)?.split(separator: "/").last.map(String.init) }

    /// What a link says.
    static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
