import CSocketPlugin

/// Strings that cross the plug-in interface: at most 255 bytes of UTF-8 and a NUL.
enum PluginText {
    /// The most bytes of a string, without its NUL.
    static let limit = 255

    /// Reads a string that ends with a NUL; nil if there is none, or if it does not end in time.
    static func read(_ start: UnsafePointer<CChar>?) -> String? {
        guard let start else { return nil }
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let byte = UInt8(bitPattern: start[bytes.count])
            if byte == 0 { return clean(bytes) }
            bytes.append(byte)
        }
        return nil
    }

    /// Reads a string from a field of fixed length, which need not be full.
    static func read(field: some Any) -> String {
        withUnsafeBytes(of: field) { clean($0.prefix { $0 != 0 }) }
    }

    /// Writes as much of a string as there is room for, never half a character, and a NUL.
    static func write(_ text: String, to room: UnsafeMutableRawBufferPointer) {
        guard let last = room.indices.last else { return }
        var length = 0
        for character in text.unicodeScalars {
            let bytes = Array(String(character).utf8)
            guard length + bytes.count <= last else { break }
            for byte in bytes where byte != 0 {
                room[length] = byte
                length += 1
            }
        }
        room[length] = 0
    }

    /// What a plug-in says goes into tables and error lines: control characters become spaces, wrong UTF-8 becomes U+FFFD.
    private static func clean(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            cleaned.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(cleaned)
    }
}
