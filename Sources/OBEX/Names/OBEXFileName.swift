/// Names of files made of names that strangers send.
public enum OBEXFileName {
    /// The most bytes of a name in UTF-8 that file systems take.
    public static let longest = 255

    /// Whether an inbox takes the name: it is not empty and has no path in it (OBEX 1.3, 4.3).
    public static func isSingleName(_ name: String) -> Bool {
        !name.isEmpty && !name.unicodeScalars.contains(where: isOfPaths)
    }

    /// The name that inboxes take for one: `_` stands for what would make a path of it.
    public static func single(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { isOfPaths($0) ? "_" : $0 }))
    }

    private static func isOfPaths(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "/" || scalar == "\\" || scalar == ":"
    }

    /// A name that is safe for a file in one directory, as like the one that was sent as can be.
    ///
    /// What could be a path, hide the file, deceive a reader or have a meaning of its own on some system is replaced or
    /// left out; the ending of the name is kept if it has to be cut.
    ///
    /// - Parameters:
    ///   - name: what was sent.
    ///   - fallback: the name of a file whose own has nothing usable in it.
    ///   - longest: the most bytes in UTF-8.
    /// - Returns: the name, never empty, `.` or `..`.
    public static func safe(_ name: String, fallback: String = "object", longest: Int = longest) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where !deceives(scalar) {
            scalars.append(isUnsafe(scalar) ? "_" : scalar)
        }
        var safe = String(scalars)[...]
        safe = safe.drop { $0 == "." || $0.isWhitespace }
        while let last = safe.last, last == "." || last.isWhitespace { safe.removeLast() }
        var text = safe.isEmpty ? fallback : String(safe)
        if isDeviceName(text) { text = "_" + text }
        return cut(text, to: longest)
    }

    /// The name with a number before its ending: `photo (2).jpg`.
    public static func numbered(_ name: String, _ number: Int, longest: Int = longest) -> String {
        let (stem, ending) = split(name)
        let suffix = " (\(number))\(ending)"
        return prefix(of: stem, bytes: longest - suffix.utf8.count) + suffix
    }

    // MARK: What is unsafe

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", "\\", ":", "*", "?", "\"", "<", ">", "|": true
        default: scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        }
    }

    /// Characters that change the direction of what stands around them: `exe.gpj` is read as `jpg.exe`.
    private static func deceives(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200E, 0x200F, 0x061C, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029, 0xFEFF: true
        default: false
        }
    }

    /// Names that open a device on Windows, with any ending, should the file get there.
    private static func isDeviceName(_ name: String) -> Bool {
        let stem = name.prefix { $0 != "." }.uppercased()
        let base = stem.reversed().drop { $0 == " " }.reversed()
        let text = String(base)
        if ["CON", "PRN", "AUX", "NUL"].contains(text) { return true }
        guard text.count == 4, text.hasPrefix("COM") || text.hasPrefix("LPT"), let digit = text.last else {
            return false
        }
        return "123456789¹²³".contains(digit)
    }

    // MARK: Length

    private static func cut(_ name: String, to bytes: Int) -> String {
        guard name.utf8.count > bytes else { return name }
        let (stem, ending) = split(name)
        return prefix(of: stem, bytes: bytes - ending.utf8.count) + ending
    }

    /// The part before the last dot, and the ending with its dot, if that is a short one.
    private static func split(_ name: String) -> (stem: Substring, ending: Substring) {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex, name[dot...].utf8.count <= 17 else {
            return (name[...], "")
        }
        return (name[..<dot], name[dot...])
    }

    /// As many whole characters as fit.
    private static func prefix(of text: Substring, bytes: Int) -> String {
        var size = 0
        return String(
            text.prefix { character in
                size += character.utf8.count
                return size <= bytes
            })
    }
}
