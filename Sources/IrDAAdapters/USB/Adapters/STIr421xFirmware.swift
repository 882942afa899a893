/// The firmware of an STIr4210, 4220 or 4116: a file of the maker's, which the adapter's owner has.
///
/// Facts about adapters, section 6.
public struct STIr421xFirmware: Hashable, Sendable {
    /// The release of the adapter that it is for, as in the adapter's device descriptor (bcdDevice).
    public let release: UInt16
    /// What is sent to the adapter.
    public let image: [UInt8]

    private static let beginning = Array("Product Version: ".utf8)
    private static let endOfHeader = [0x1A] + Array("STMP".utf8)
    private static let longestHeader = 512

    /// Reads a file.
    ///
    /// - Throws: `.firmware`, and why the file is none.
    public init(_ file: [UInt8]) throws(USBProblem) {
        guard file.starts(with: Self.beginning) else {
            throw .firmware("the firmware does not begin with 'Product Version: '")
        }
        guard let release = Self.release(file.dropFirst(Self.beginning.count).prefix(16)) else {
            throw .firmware("the firmware has no version of the form 001.000.01")
        }
        let header = file.prefix(Self.longestHeader)
        let places = 0..<max(1, header.count - Self.endOfHeader.count + 1)
        guard let place = places.first(where: { header[$0...].starts(with: Self.endOfHeader) }) else {
            throw .firmware("the firmware has no 'STMP' in its first 512 bytes")
        }
        self.release = release
        image = Array(file[(place + Self.endOfHeader.count)...])
        guard !image.isEmpty else { throw .firmware("the firmware ends after its header") }
    }

    /// The release that a version stands for: `001.000.02` is 1002, hexadecimal.
    private static func release(_ text: some Collection<UInt8>) -> UInt16? {
        let parts = text.prefix { $0 == UInt8(ascii: ".") || Self.digits.contains($0) }.split(
            separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 3, parts[1].count == 3, (1...2).contains(parts[2].count) else {
            return nil
        }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        guard numbers[0] <= 15, numbers[1] <= 15 else { return nil }
        let (tens, ones) = numbers[2].quotientAndRemainder(dividingBy: 10)
        return UInt16(numbers[0] << 12 | numbers[1] << 8 | tens << 4 | ones)
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    /// What the file for an adapter is called: `42101001.sb`.
    ///
    /// - Parameter release: the adapter's release (bcdDevice).
    public static func fileName(release: UInt16) -> String { "4210\(release.hexadecimal).sb" }
}

extension UInt16 {
    /// Four hexadecimal digits.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
