import IrDAAdapters

/// What stands behind the name of a USB port: `usb:1-4,quirk=modem-lines,firmware=FILE`.
public struct USBPortOptions: Hashable, Sendable {
    /// The names of quirks.
    public let quirks: [String]
    /// The file with the adapter's firmware; nil to look where systems keep such files.
    public let firmware: String?

    /// Nothing in particular.
    static let none = USBPortOptions(quirks: [], firmware: nil)

    private init(quirks: [String], firmware: String?) {
        self.quirks = quirks
        self.firmware = firmware
    }

    /// Reads the options.
    ///
    /// - Throws: a clause on what is wrong, and a sentence on what would be right.
    init(_ texts: some Sequence<Substring>) throws(Mistake) {
        var quirks: [String] = []
        var firmware: String?
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch (parts[0], parts.count == 2 ? parts[1] : "") {
            case (_, ""):
                throw Mistake("'\(text)' is no option of a USB port", "Write quirk=NAME or firmware=FILE after a comma")
            case ("quirk", let name):
                let known = Set(USBAdapterKind.all.flatMap { $0.quirks.map(\.name) })
                guard known.contains(name) else {
                    throw Mistake(
                        "no adapter has a quirk '\(name)'", "There are: \(known.sorted().joined(separator: ", "))")
                }
                quirks.append(name)
            case ("firmware", let path):
                guard firmware == nil else { throw Mistake("the firmware is given twice", "") }
                firmware = path
            default:
                throw Mistake(
                    "a USB port has no option '\(parts[0])'", "Write quirk=NAME or firmware=FILE after a comma")
            }
        }
        self.init(quirks: quirks, firmware: firmware)
    }

    struct Mistake: Error {
        let reason: String
        let advice: String

        init(_ reason: String, _ advice: String) {
            self.reason = reason
            self.advice = advice
        }
    }
}
