import CWinsock
import Testing

@Suite("Formats of Microsoft's wprintf") struct FormatTests {
    private func translated(_ format: String, room: Int = 256) -> (text: String, length: Int) {
        let wide = format.unicodeScalars.map { wchar_t($0.value) } + [0]
        var buffer = [wchar_t](repeating: 1, count: room)
        let length = irsock_translate_format(wide, &buffer, buffer.count)
        let scalars = buffer.prefix { $0 != 0 }.compactMap { Unicode.Scalar(UInt32($0)) }
        return (String(String.UnicodeScalarView(scalars)), length)
    }

    @Test(
        "Each conversion has its equivalent",
        arguments: [
            ("plain", "plain"), ("%s", "%ls"), ("%ls", "%ls"), ("%ws", "%ls"), ("%hs", "%s"), ("%S", "%s"),
            ("%hS", "%s"),
            ("%lS", "%ls"), ("%c", "%lc"), ("%C", "%c"), ("%hc", "%c"), ("%d", "%d"), ("%ld", "%d"), ("%lu", "%u"),
            ("%lld", "%lld"), ("%I64u", "%llu"), ("%I32d", "%d"), ("%Iu", "%zu"), ("%zu", "%zu"), ("%hhx", "%hhx"),
            ("%hd", "%hd"), ("%p", "%p"), ("%-08.3lf", "%-08.3f"), ("%Lg", "%g"), ("%*.*s|", "%*.*ls|"), ("%%s", "%%s"),
            ("%n", "%%n"), ("%", "%%"), ("%5", "%%5"), ("%y %d", "%%y %d"),
        ])
    func conversions(format: String, expected: String) {
        #expect(translated(format).text == expected)
    }

    @Test("Too little room cuts, and says how much there should be")
    func room() {
        for room in 0..<8 {
            let (text, length) = translated("%s%d%", room: room)
            #expect(length == 7)
            #expect(text == String("%ls%d%%".prefix(max(0, room - 1))))
        }
    }

    @Test("No format grows to more than twice its length, or becomes one that writes to memory", arguments: 0..<200)
    func random(seed: Int) throws {
        var state = UInt64(seed) &+ 0x9E37_79B9_7F4A_7C15
        let letters = Array("%%%%sSdlhIwLzn0-+*.3264xcC ")
        let format = String(
            (0..<24).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return letters[Int(state >> 33) % letters.count]
            })
        let (text, length) = translated(format)
        #expect(length == text.unicodeScalars.count)
        #expect(length <= 2 * format.unicodeScalars.count)
        let conversions = text.replacing("%%", with: "")
        #expect(!conversions.contains(/%[-+ #0-9.*]*(hh|h|ll|l|z|j|t)?n/), "\(format) became \(text)")
    }
}
