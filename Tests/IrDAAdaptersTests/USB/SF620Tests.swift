import Testing

@testable import IrDAAdapters

/// What an SF-620 is sent, to the byte, and what goes wrong with one.
@Suite struct SF620Tests {
    @Test func itGetsSevenCharactersAtATime() {
        var run = USBRun.opened(SF620(), SF620Model())
        #expect(run.bench.log.text == ["halts"])
        let characters = SIRAir.encode([0x55, 0x11], fillers: 10)
        #expect(
            run.transfers { _ = $0.send([.characters(characters)]) } == [
                "O FF FF FF FF FF FF FF FF open", "O FF FF FF FF C0 55 11 00 open", "O FA A3 C1 00 00 00 00 00 open",
            ])
    }

    @Test func itEndsWithItsLightAndNotAFrameLater() throws {
        var run = USBRun.opened(SF620(), SF620Model())
        let characters = SIRAir.encode([UInt8](repeating: 0x33, count: 500), fillers: 10)
        let end = try #require(run.send([.characters(characters)]).last?.end)
        let transmitted = try #require(run.transmitted.last)
        #expect(transmitted >= end && transmitted <= end + .characters(9, at: 9600))
    }

    @Test func aSlowBusMakesGapsAndNoEarlyEnd() throws {
        // A hub that takes eight bytes every eight milliseconds is slower than the light.
        var run = USBRun(SF620(), SF620Model(), transferTime: .milliseconds(8))
        run.open()
        let characters = SIRAir.encode([UInt8](repeating: 0x33, count: 100), fillers: 10)
        let air = run.send([.characters(characters)])
        #expect(air.map(\.light) == [.characters(characters)])
        #expect(try #require(run.transmitted.last) >= (try #require(air.last?.end)))
    }

    @Test(arguments: [KingSunSpeedRequest.endpoint, .device, .other, .vendor, .index])
    func aSpeedIsAskedForInTheFormThatItsOwnerChose(request: KingSunSpeedRequest) {
        var run = USBRun.opened(SF620(speed: request), SF620Model(speedRequest: request))
        let type = ["20", "21", "22", "23", "41"].first {
            $0.utf8.elementsEqual([request.requestType].hexadecimal.utf8)
        }
        let index = request == .index ? "0100" : "0001"
        #expect(
            run.bench.log.text == ["halts", "C \(type ?? "?") 09 0200 \(index) 8 80 25 00 00 03 00 00 00"])
        #expect(
            run.transfers { $0.setRate(57600) } == ["C \(type ?? "?") 09 0200 \(index) 8 00 E1 00 00 03 00 00 00"])
    }

    @Test(arguments: [KingSunSpeedRequest.device, .length])
    func aRefusedSpeedIsSaidWithTheQuirkThatAskedForIt(request: KingSunSpeedRequest) {
        let run = USBRun.opened(SF620(speed: request), SF620Model())
        #expect(run.problem == request.refusal)
        #expect(run.problem?.description.contains("quirk=\(request.rawValue)") == true)
    }

    @Test func withoutAQuirkItStaysAtItsSpeed() {
        var run = USBRun.opened(SF620(), SF620Model(speedRequest: .endpoint))
        #expect(run.driver.rates == [9600])
        run.setRate(19200)
        #expect(run.problem == .noSuchRate(19200))
    }

    @Test(arguments: [
        [0xF8], [0xF7, 1, 2, 3, 4, 5, 6, 7], [0xF9, 1], [0xF9, 1, 2, 0, 0, 0, 0, 0], [0xF8, 0, 0, 0, 0, 0, 0, 0], [],
    ])
    func itsHardwareTakesNothingElse(bytes: [UInt8]) {
        var model = SF620Model()
        #expect(model.send(bytes, endsShort: false, at: .zero).outcome == .stalled)
    }
}
