import IrDAProtocol
import IrDASimulation
import Testing

@Suite struct ScenarioFuzzTests {
    /// Reads bytes: whatever they are, a scenario or an error with a place comes of it.
    private func expectAnAnswer(_ bytes: [UInt8], _ note: String) {
        do {
            _ = try ScenarioFile.parse(bytes, name: "fuzz.yaml")
        } catch {
            #expect(error.position != nil, "\(note): \(error)")
            #expect(error.description.hasPrefix("fuzz.yaml:"), "\(note): \(error)")
        }
    }

    @Test func everyTruncationHasAnAnswer() throws {
        let bytes = Array(try ScenarioExample.text().utf8)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            expectAnAnswer(Array(bytes.prefix(length)), "the first \(length) bytes of the example")
        }
    }

    @Test(arguments: UInt64(1)...4)
    func everyMutationHasAnAnswer(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let original = Array(try ScenarioExample.text().utf8)
        let spice = Array("[]{}:-&*?!|>'\"%@`#,~\n\t 0xF\u{7F}é".utf8) + [0x00, 0xFF]
        for round in 0..<250 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: bytes.insert(spice.randomElement(using: &generator) ?? 0, at: place)
                case 2:
                    bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &generator)))
                default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 30)], at: place / 2)
                }
                if bytes.isEmpty { break }
            }
            expectAnAnswer(bytes, "seed \(seed), round \(round)")
        }
    }

    @Test(arguments: UInt64(5)...6)
    func noiseHasAnAnswer(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("[]{}:-&*?!|>'\"%#,\n ab1<=.".utf8)
        for round in 0..<500 {
            let length = Int.random(in: 0...60, using: &generator)
            let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            expectAnAnswer(bytes, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self))")
        }
    }

    /// Ten lists of ten aliases each would be ten thousand million values.
    @Test func aliasesThatMultiplyAreRefusedAtOnce() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...10 {
            text += "a\(level): &a\(level) [\(repeatElement("*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        text += "? *a10\n: 1\n"
        #expect(errorMessage { try ScenarioFile.parse(text, name: "bomb.yaml") }?.hasPrefix("bomb.yaml:2:10: ") == true)
    }
}
