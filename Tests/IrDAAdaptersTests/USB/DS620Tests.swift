import Testing

@testable import IrDAAdapters

/// What a DS-620 is sent, and what becomes of reports that it repeats.
@Suite struct DS620Tests {
    private static let frame: [UInt8] = [0x54, 0x11, 0x22, 0x33, 0x44, 0x55]

    private func heard(_ adapter: DS620, _ reports: [[UInt8]]) -> [UInt8] {
        var adapter = adapter
        var characters: [UInt8] = []
        for report in reports {
            for case .characters(let more) in adapter.heard(report, at: .zero) { characters += more }
        }
        return characters
    }

    @Test func itGetsAFrameAsOneTransfer() {
        var run = USBRun.opened(DS620(), DS620Model())
        #expect(run.bench.log.text == ["halts"])
        let characters = SIRAir.encode([0x55, 0x11], fillers: 4)
        #expect(
            run.transfers { _ = $0.send([.characters(characters)]) } == ["O FF FF FF FF C0 55 11 00 A3 C1 open"])
    }

    @Test func aReportSaysHowMuchOfItCounts() {
        #expect(heard(DS620(), [[0x06, 0xFF, 0xFF, 0xFF, 0xC0, 0x01, 0x04, 0xAA]]) == [0xFF, 0xFF, 0xFF, 0xC0, 1, 4])
        // Right after it was plugged in, and what never should come.
        for report: [UInt8] in [
            [0x36, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3], [8, 1, 2, 3, 4, 5, 6, 7, 8], [3, 1, 2], [7], [],
        ] {
            #expect(heard(DS620(), [report]) == [])
        }
    }

    @Test func whatIsRepeatedBetweenFramesIsNoLight() {
        var run = USBRun.opened(DS620(), DS620Model())
        let light = AdapterLight.characters(SIRAir.encode(Self.frame, fillers: 11))
        #expect(run.hear(light, rate: 9600).frames == [Self.frame])
        let before = run.received.count
        let listenings = run.listenings
        run.run(for: .seconds(1))
        #expect(run.listenings > listenings + 500, "it goes on giving the last report")
        #expect(run.received.count == before)
        // Noise that is no frame ends, too.
        _ = run.hear(.characters([0x12]), rate: 9600, orUntil: .seconds(1))
        #expect(run.received == [.characters([0x12])])
        #expect(run.hear(light, rate: 9600).frames == [Self.frame])
    }

    @Test func aLongFrameOfEqualCharactersIsWhole() {
        let frame = [UInt8](repeating: 0, count: 2050)
        var run = USBRun.opened(DS620(), DS620Model())
        #expect(run.hear(.characters(SIRAir.encode(frame, fillers: 10)), rate: 9600).frames == [frame])
    }

    @Test func repetitionsWithinAFrameCostItUnlessTheyAreDropped() {
        let light = AdapterLight.characters(SIRAir.encode(Self.frame, fillers: 11))
        var kept = USBRun.opened(DS620(), DS620Model(reportSize: 5, repetitions: 1))
        #expect(kept.hear(light, rate: 9600, orUntil: .seconds(1)).frames == [], "\(kept.received)")
        var dropped = USBRun.opened(DS620(dropsRepetitions: true), DS620Model(reportSize: 5, repetitions: 1))
        #expect(dropped.hear(light, rate: 9600).frames == [Self.frame])
    }

    @Test func aFrameThatBreaksOffIsNoEndlessLight() {
        for report: [UInt8] in [[4, 0xFF, 0xC0, 0x54, 0x11], [7, 0xC0, 1, 2, 3, 4, 5, 6]] {
            let characters = heard(DS620(), [[UInt8]](repeating: report, count: 5000))
            #expect(characters.count < 2400, "\(characters.count)")
        }
        #expect(heard(DS620(), [[UInt8]](repeating: [4, 0xFF, 0xC0, 0x54, 0x11], count: 5000)).count == 16)
    }
}
