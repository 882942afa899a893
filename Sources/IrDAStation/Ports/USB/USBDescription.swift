import IrDAAdapters

/// What the kernel shows of a USB device, without anything that only this one has: for a report about it.
///
/// The text that a device says of itself may be anything, a serial number too; it stays out, and so does everything else but what its
/// maker has given to all of a kind.
public struct USBDescription: Hashable, Sendable, Codable {
    /// Its vendor's number and its product's, as `lsusb` writes them.
    public let numbers: String
    /// What IrSock takes it for; nil if for nothing that it knows.
    public let kind: String?
    /// Its speed on the bus in Mbit/s, as the kernel writes it; empty if that is not known.
    public let speed: String
    /// The kernel's drivers that have its interfaces, in their order; "none" for one that nobody has.
    public let drivers: [String]
    /// Its device descriptor, and all of its first configuration, one descriptor an element, in hexadecimal.
    public let descriptors: [String]

    /// Reads what the kernel shows.
    ///
    /// - Parameters:
    ///   - place: the kernel's name for where the device is plugged in: `1-4.2`.
    ///   - sysfs: where the kernel shows it.
    /// - Returns: nil if nothing is plugged in there.
    public init?(place: String, sysfs: String = "/sys") {
        let folder = "\(sysfs)/bus/usb/devices"
        let device = "\(folder)/\(place)"
        guard let identity = USBIdentity(in: device) else { return nil }
        let interfaces = Folder.names(folder).filter { $0.hasPrefix("\(place):") }.sorted()
        let classes = interfaces.compactMap { PluggedAdapter.interfaceClass("\(folder)/\($0)") }
        numbers = identity.numbers
        kind = USBAdapterKind.kind(vendor: identity.vendor, product: identity.product, classes: classes)?.name
        speed = USBIdentity.text(of: "\(device)/speed") ?? ""
        drivers = interfaces.map { Folder.linkName("\(folder)/\($0)/driver") ?? "none" }
        descriptors = Self.split(Folder.bytes(of: "\(device)/descriptors", atMost: 4096)).map(\.hexadecimal)
    }

    /// The place of the first adapter that there is, usable or not; nil if there is none.
    public static var firstPlace: String? { PluggedAdapter.all().first?.place }

    /// Takes a block of descriptors apart; what does not fit the form is the last element.
    static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var rest = bytes[...]
        var descriptors: [[UInt8]] = []
        while let length = rest.first {
            let count = length >= 2 && Int(length) <= rest.count ? Int(length) : rest.count
            descriptors.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return descriptors
    }
}

extension Sequence<UInt8> {
    /// The bytes in two digits each, with blanks between.
    var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }.joined(separator: " ")
    }
}
