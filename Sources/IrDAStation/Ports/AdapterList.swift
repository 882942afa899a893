import Glibc
import IrDAAdapters

/// Something that is plugged in and that infrared may come from.
public struct Adapter: Sendable, Hashable, Codable {
    /// What to give as `--port`; nil if it cannot be used.
    public var port: String?
    /// What it is.
    public var description: String
    /// What to give as `--dongle`; nil if the user must know.
    public var dongle: String?
    /// The kernel's driver that has it; nil if none has.
    public var driver: String?
    /// The programs that have it open, as far as this user may see; empty if nobody has.
    public var holders: [String]
    /// What to do to use it, as a sentence.
    public var advice: String
    /// What its owner can switch, as options of the port: `quirk=modem-lines`.
    public var quirks: [String]

    /// Everything that is plugged in and that the kernel shows.
    public static func all() -> [Adapter] {
        all(PluggedAdapter.all(), TerminalHardware.all())
    }

    /// Each thing once: what the kernel has made a serial port of is listed as that.
    static func all(_ plugged: [PluggedAdapter], _ terminals: [TerminalHardware]) -> [Adapter] {
        let ports = Set(terminals.compactMap(\.usb?.numbers))
        return plugged.filter { $0.kind.isDriven || !ports.contains($0.identity.numbers) }.map { Adapter($0) }
            + terminals.map { Adapter($0) }
    }

    /// Describes a USB adapter.
    ///
    /// - Parameters:
    ///   - plugged: the adapter.
    ///   - mayUse: whether this user may use it; nil to ask the kernel.
    ///   - firmwareFolder: where the system keeps firmware.
    init(_ plugged: PluggedAdapter, mayUse: Bool? = nil, firmwareFolder: String = FirmwareFile.folder) {
        let mayUse = mayUse ?? (access(plugged.path, R_OK | W_OK) == 0)
        port = plugged.kind.isDriven ? "usb:\(plugged.place)" : nil
        quirks = plugged.kind.quirks.map { "quirk=\($0.name)" }
        driver = plugged.driver
        description = "\(plugged.kind.summary) (\(plugged.identity.numbers))"
        dongle = nil
        holders = OpenFiles.holders(of: plugged.path)
        if let kernelDriver = plugged.kind.kernelDriver {
            advice =
                "The kernel's driver \(kernelDriver) makes a serial port of it, and has not: sudo modprobe \(kernelDriver)"
        } else if !holders.isEmpty {
            advice = "Held by \(holders.joined(separator: ", ")): end that first."
        } else if !mayUse {
            advice = LibUSBSource.permissionAdvice + "."
        } else if plugged.kind.needsFirmware, !FirmwareFile.isInstalled(for: plugged, in: firmwareFolder) {
            advice = "It needs its firmware. \(FirmwareFile.advice(for: plugged))."
        } else {
            let taking = driver.map { " takes it from \($0) and gives it back" } ?? ""
            let remark = plugged.kind.remark.isEmpty ? "" : " \(plugged.kind.remark)"
            advice = "Ready: --port usb:\(plugged.place)\(taking).\(remark)"
        }
    }

    /// Describes a serial port.
    ///
    /// - Parameters:
    ///   - hardware: the port.
    ///   - mayUse: whether this user may use it; nil to ask the kernel.
    init(_ hardware: TerminalHardware, mayUse: Bool? = nil) {
        let mayUse = mayUse ?? (access(hardware.path, R_OK | W_OK) == 0)
        let known = hardware.usb.flatMap { KnownSerialAdapter.all[$0.numbers] }
        port = "serial:\(hardware.path)"
        quirks = []
        driver = hardware.driver
        let words = hardware.usb.map { usb in
            "\(usb.description.isEmpty ? "USB serial port" : usb.description) (\(usb.numbers))"
        }
        description = known?.description ?? words ?? "serial port of the machine"
        dongle = known?.dongle
        holders = OpenFiles.holders(of: hardware.path)
        if !holders.isEmpty {
            advice = "Held by \(holders.joined(separator: ", ")): end that first."
        } else if !mayUse {
            advice = "No permission: join the group that owns \(hardware.path) (dialout or uucp) and log in again."
        } else if let known {
            advice = known.advice("serial:\(hardware.path)")
        } else {
            advice =
                "If a dongle is plugged in, say which with --dongle, or find out: irsock probe --port serial:\(hardware.path)"
        }
    }
}

/// Serial ports that are known by their USB numbers to be infrared adapters.
private struct KnownSerialAdapter {
    let description: String
    let dongle: String
    /// What to do, as a sentence, given the port.
    let advice: @Sendable (_ port: String) -> String

    static let all: [String: KnownSerialAdapter] = [
        "0df7:0620": KnownSerialAdapter(
            description: "Mobile Action MA-620", dongle: "ma600", advice: { "Ready: --port \($0) --dongle ma600." }),
        "18ec:3118": KnownSerialAdapter(
            description: "ARK3116T infrared adapter", dongle: "raw", advice: { "Ready: --port \($0) --dongle raw." }),
        "0403:87d0": KnownSerialAdapter(
            description: "Cressi infrared dock", dongle: "raw",
            advice: { "Plain serial by light: irsock raw --port \($0) --rate 115200." }),
    ]
}

/// Who has a file open.
enum OpenFiles {
    /// The programs that have a device open, each as a name and a number; other users' are hidden from all but the administrator.
    static func holders(of path: String) -> [String] {
        Folder.names("/proc").filter { $0.allSatisfy(\.isNumber) }.filter { number in
            Folder.names("/proc/\(number)/fd").contains { Folder.link("/proc/\(number)/fd/\($0)") == path }
        }.map { number in
            "\(USBIdentity.text(of: "/proc/\(number)/comm") ?? "a program") (\(number))"
        }.sorted()
    }
}
