import Testing

@testable import IrDAAdapters

/// The firmware of an STIr421x, and its headers.
@Suite struct STIr421xTests {
    private func opened(_ model: STIr421xModel = STIr421xModel(image: Stick.firmwareImage)) -> USBRun {
        USBRun.opened(STIr421x(firmware: Stick.firmware), model)
    }

    // MARK: Firmware

    @Test func itGetsItsFirmwareInPiecesAndIsThenABridge() throws {
        let run = opened()
        let image = Stick.firmwareImage
        let pieces = [image[..<1023], image[1023..<2046], image[2046...]].map { "O \(Array($0).hexadecimal) open" }
        #expect(
            run.bench.log.text == ["C 80 06 0100 0000 18", "C 40 02 0000 0000 0"] + pieces + [
                "C A1 06 0000 0000 12", "O 32 00 00",
            ])
        #expect(run.driver.rates.last == 4_000_000)
        // A moment before each piece, and after the last.
        #expect(run.now >= .milliseconds(40))
    }

    @Test func itGetsItsFirmwareAgainWhenItIsOpenedAgain() {
        let run = USBRun.opened(STIr421x(firmware: Stick.firmware), opened().bench.model)
        #expect(run.problem == nil && run.rates == [9600])
    }

    @Test func anotherReleaseIsRefusedBeforeAnythingIsSent() {
        let run = opened(STIr421xModel(release: 0x1002, image: Stick.firmwareImage))
        #expect(run.problem == .firmware("the firmware is for release 1001, and the adapter is 1002"))
        #expect(run.problem?.advice.contains("firmware=FILE") == true)
        #expect(run.bench.log.count == 1)
    }

    @Test func withoutFirmwareItIsNotTouched() {
        let run = USBRun.opened(STIr421x(firmware: nil), STIr421xModel(image: [1]))
        #expect(run.problem == .firmware("the adapter needs firmware, and was given none"))
        #expect(run.bench.log.isEmpty)
    }

    @Test func aWrongImageIsFoundOut() {
        let run = opened(STIr421xModel(image: Stick.firmwareImage.map { $0 ^ 1 }))
        #expect(run.problem == .refused("say what it can do"))
    }

    @Test(arguments: [
        ("001.000.01", 0x1001), ("001.000.02", 0x1002), ("001.000.21", 0x1021), ("002.013.7", 0x2D07),
        ("015.015.99", 0xFF99),
    ])
    func aVersionStandsForARelease(version: String, release: UInt16) throws {
        let firmware = try STIr421xFirmware(Stick.firmwareFile(version: version))
        #expect(firmware.release == release)
        #expect(firmware.image == Stick.firmwareImage)
    }

    @Test(arguments: ["016.000.01", "001.000", "1.0.1", "001.000.", "001.000.123", "abc", "", "001.000.01.02"])
    func aVersionThatIsNoneIsSaid(version: String) {
        #expect(throws: USBProblem.firmware("the firmware has no version of the form 001.000.01")) {
            try STIr421xFirmware(Stick.firmwareFile(version: version))
        }
    }

    @Test func aFileThatIsNoneIsSaid() {
        let good = Stick.firmwareFile()
        #expect(throws: USBProblem.firmware("the firmware does not begin with 'Product Version: '")) {
            try STIr421xFirmware([])
        }
        #expect(throws: USBProblem.firmware("the firmware ends after its header")) {
            try STIr421xFirmware(Array(good.dropLast(Stick.firmwareImage.count)))
        }
        let noTag = USBProblem.firmware("the firmware has no 'STMP' in its first 512 bytes")
        for count in 0..<(good.count - Stick.firmwareImage.count) {
            #expect(throws: USBProblem.self) { try STIr421xFirmware(Array(good.prefix(count))) }
        }
        #expect(throws: noTag) { try STIr421xFirmware(Array("Product Version: 001.000.01\r\n".utf8)) }
        let late = Array("Product Version: 001.000.01\r\n".utf8) + [UInt8](repeating: 0x20, count: 600) + [0x1A]
        #expect(throws: noTag) { try STIr421xFirmware(late + Array("STMP".utf8) + [1]) }
        #expect(STIr421xFirmware.fileName(release: 0x1001) == "42101001.sb")
    }

    // MARK: Headers

    @Test func speedAndFillersAreToldTogether() {
        var run = opened()
        #expect(run.transfers { $0.setRate(115_200) } == ["O 36 00 00"])
        #expect(
            run.transfers { _ = $0.send([.frame([0x55, 0x11], additionalBOFs: 5)]) } == [
                "O 46 00 00", "O 00 00 00 55 11",
            ])
        #expect(run.transfers { $0.setRate(4_000_000) } == ["O 89 00 00"])
    }

    @Test(arguments: [(127, 0), (128, 1), (129, 0), (256, 1), (384, 1), (512, 0), (640, 1), (1024, 0), (2048, 0)])
    func framesOfSomeLengthsGetAByteMore(length: Int, padding: Int) {
        let wrapped = BridgeForm.sigmaTel.wrap([UInt8](repeating: 7, count: length), header: 0)
        #expect(wrapped.count == 3 + length + padding && Int(wrapped[1]) == padding)
        var run = opened()
        let frame = [UInt8](repeating: 7, count: length)
        #expect(
            run.send([.frame(frame, additionalBOFs: 12)]).map(\.light) == [
                .characters(SIRAir.encode(frame, fillers: 12))
            ])
    }

    @Test func itWaitsByItselfOnlyIfItsOwnerSaysSo() throws {
        for (waitsLong, code) in [(false, UInt8(0)), (true, 7)] {
            var run = USBRun.opened(
                STIr421x(firmware: Stick.firmware, waitsLong: waitsLong), STIr421xModel(image: Stick.firmwareImage))
            _ = run.send([.frame([0x55, 0x11], additionalBOFs: 12)])
            #expect(try #require(run.bench.model as? STIr421xModel).turnarounds == [code])
        }
    }

    @Test(arguments: [
        (0, 0), (1, 1), (10, 1), (11, 2), (50, 2), (51, 3), (100, 3), (500, 4), (501, 5), (1000, 5), (5000, 6),
        (5001, 7), (10_000, 7), (1_000_000, 7),
    ])
    func itWaitsAsLongAsItIsToldBeforeTheFirstFrame(microseconds: Int, code: UInt8) {
        var adapter = STIr421x(firmware: Stick.firmware)
        adapter.keepTurnaround(.microseconds(microseconds))
        let frame = AdapterLight.frame([0x55, 0x11], additionalBOFs: 48)
        var headers: [UInt8] = []
        for _ in 0..<2 {
            var step = adapter.begin(.transmit(frame), at: .zero)
            while case .transfer(.send(let bytes, _)) = step {
                if bytes.count > 3 { headers.append(bytes[2]) }
                step = adapter.next(.done([]), at: .zero)
            }
            #expect(step == .done)
        }
        #expect(headers == [code, 0])
    }

    @Test func sixteenMegabitsArePossibleForThoseThatSaySo() {
        var run = opened(STIr421xModel(image: Stick.firmwareImage, baudMask: 0x03FF))
        #expect(run.driver.rates.last == 16_000_000)
        #expect(run.transfers { $0.setRate(16_000_000) } == ["O 8A 00 00"])
        // Another bridge has no such bit.
        let plain = USBRun.opened(IrDABridge(), IrDABridgeModel(baudMask: 0x03FF))
        #expect(plain.driver.rates.last == 4_000_000)
    }

    @Test func whatAnSTIr4210SaysOfItselfIsRead() throws {
        // As one was seen to say with its firmware.
        let descriptor = try BridgeDescriptor(
            [12, 0x21, 0, 1, 0x20, 0x08, 0x04, 0x3F, 0x01, 0x80, 0, 0], hasVFIR: true)
        #expect(descriptor.rates == [2400, 9600, 19200, 38400, 57600, 115_200, 4_000_000])
        #expect(descriptor.dataSize == 2048 && descriptor.windowSize == 4)
        #expect(descriptor.minimumTurnaround == .milliseconds(1))
    }

    @Test func aHeaderAloneIsNoFrame() {
        let form = IrDABridge(interface: 0, form: .sigmaTel)
        for bytes in [[], [0x80], [0x80, 0], [0x80, 0, 0]] as [[UInt8]] {
            var bridge = form
            #expect(bridge.heard(bytes, at: .zero) == [])
        }
    }
}
