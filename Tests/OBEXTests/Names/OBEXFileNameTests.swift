@testable import OBEX
import TestSupport
import Testing

@Suite("Names of files")
struct OBEXFileNameTests {
    @Test(
        "A name from a stranger becomes one that is safe",
        arguments: [
            ("hello.txt", "hello.txt"), ("Übergröße 😀.jpg", "Übergröße 😀.jpg"),
            ("../../etc/passwd", "_.._etc_passwd"), ("/etc/passwd", "_etc_passwd"), ("C:\\boot.ini", "C__boot.ini"),
            ("..", "object"), (".", "object"), ("", "object"), (" . . ", "object"), (".bashrc", "bashrc"),
            ("name. . ", "name"), ("a\u{0}b\nc\u{7F}d\u{9B}", "a_b_c_d_"), ("photo\u{202E}gpj.exe", "photogpj.exe"),
            ("con", "_con"), ("NUL.txt", "_NUL.txt"), ("com1.log", "_com1.log"), ("COM10", "COM10"),
            ("console", "console"), ("aux .c", "_aux .c"), ("what?*<>|\".txt", "what______.txt"),
        ])
    func safe(_ sent: String, _ file: String) {
        #expect(OBEXFileName.safe(sent) == file)
    }

    @Test("A long name is cut to whole characters, and its ending kept")
    func cut() {
        let long = OBEXFileName.safe(String(repeating: "ö", count: 300) + ".vcf")
        #expect(long.utf8.count <= 255 && long.utf8.count > 250 && long.hasSuffix("ö.vcf"))
        let ending = OBEXFileName.safe("a." + String(repeating: "x", count: 300))
        #expect(ending.utf8.count == 255)
        #expect(OBEXFileName.numbered("photo.jpg", 2) == "photo (2).jpg")
        #expect(OBEXFileName.numbered("README", 12) == "README (12)")
        #expect(OBEXFileName.numbered(String(repeating: "y", count: 255), 3).utf8.count == 255)
    }

    @Test("Whatever is sent, the name is one component that can be made", arguments: 1...4 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let special = Array("./\\: ~\u{0}\u{202E}COMNUL1\u{301}😀é".unicodeScalars)
        for _ in 0..<1000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                scalars.append(special.randomElement(using: &generator) ?? "x")
            }
            let name = OBEXFileName.safe(String(scalars))
            #expect(OBEXFileName.isSingleName(name), "seed \(seed): \(name)")
            #expect(name != "." && name != ".." && !name.utf8.contains(0) && name.utf8.count <= 255)
            #expect(name.first != ".")
        }
    }
}
