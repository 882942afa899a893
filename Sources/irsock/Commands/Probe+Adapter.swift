import ArgumentParser
import FoundationEssentials
import Glibc
import IrDAStation
import NIOCore

/// Tries out a USB adapter, and reports it.
struct AdapterProbe {
    let place: String?
    let report: String?
    let isJSON: Bool

    func run(on loop: any EventLoop) throws {
        guard let place = place ?? USBDescription.firstPlace else {
            throw Failure(
                "No USB infrared adapter is plugged in; one that IrSock does not know needs its place: usb:1-4.2.")
        }
        guard let device = USBDescription(place: place) else {
            throw Failure(
                "No USB device is plugged in at \(place); 'irsock adapters' and 'lsusb -t' list what there is.")
        }
        var result = AdapterReport(device: device)
        do {
            let probe = try USBProbe(place: place, on: loop)
            if !isJSON { note("Trying \(device.numbers) at \(place) …") }
            let finding = try loop.makeFutureWithTask { await probe.run() }.wait()
            result.take(finding)
        } catch {
            result.failure = "\(error)"
        }
        if let report { try writeReport(result.withoutNames, to: report) }
        if isJSON {
            try printJSON(result)
        } else {
            print(Table(headings: AdapterReport.headings, rows: result.rows))
            note(result.conclusion)
        }
        if result.failure != nil { throw ExitCode(1) }
    }
}

/// What is known of an adapter, for people and for machines.
struct AdapterReport: Encodable {
    let device: USBDescription
    let kernel = kernelRelease()
    let libusb = USBProbe.libraryVersion ?? "none"
    /// Why it cannot be used; nil if it can.
    var failure: String?
    var rates: [Int] = []
    var sentAt: [Int] = []
    var devices: [String] = []
    var deviceCount = 0
    var steps: [USBProbeStep] = []

    init(device: USBDescription) {
        self.device = device
    }

    mutating func take(_ finding: USBProbe.Finding) {
        failure = finding.failure
        rates = finding.rates
        sentAt = finding.sentAt
        devices = finding.devices
        deviceCount = finding.devices.count
        steps = finding.steps
    }

    /// The same for strangers: what other people's devices are called is their business.
    var withoutNames: AdapterReport {
        var copy = self
        copy.devices = []
        return copy
    }

    static let headings = ["KIND", "NUMBERS", "DRIVERS", "SPEEDS", "SENT AT", "DEVICES"]

    var rows: [[String]] {
        func list(_ words: [String]) -> String { words.isEmpty ? "-" : words.joined(separator: ", ") }
        return [
            [
                device.kind ?? "unknown", device.numbers, list(device.drivers), list(rates.map(String.init)),
                list(sentAt.map(String.init)), list(devices),
            ]
        ]
    }

    var conclusion: String {
        if let failure { return "It cannot be used: \(failure)." }
        return devices.isEmpty
            ? "It takes everything that it is sent. Nobody has answered: is a device in sight, with its infrared on?"
            : "It works."
    }
}

/// Writes a report for strangers.
func writeReport(_ report: some Encodable, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
        try encoder.encode(report).write(to: URL(filePath: path))
    } catch {
        throw Failure("cannot write the report \(path): \(error)")
    }
}

/// The version of the running kernel, as `6.1.0`.
func kernelRelease() -> String {
    var system = utsname()
    uname(&system)
    return withUnsafeBytes(of: system.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
