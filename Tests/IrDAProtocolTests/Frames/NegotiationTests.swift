import IrDAProtocol
import Testing

@Suite("Negotiation parameters")
struct NegotiationTests {
    @Test("The announcements of the examples")
    func examples() throws {
        let snrm = NegotiationParameters(parsing: hex("01013E 820101 83013F 84017F 850180 860101 080107"))
        let expected = NegotiationParameters(
            baudRates: .sir, maximumTurnaround: .ms500, dataSize: .bytes2048, windowSize: 7, additionalBOFs: .bofs0,
            minimumTurnaround: .ms10, disconnectTimes: [.s3, .s8, .s12])
        #expect(snrm == expected)
        #expect(expected.bytes == hex("01013E 820101 83013F 84017F 8501FF 860101 080107"))
        var ua = expected
        ua.minimumTurnaround = .ms5
        #expect(NegotiationParameters(parsing: hex("01013E 820101 83013F 84017F 850180 860103 080107")) == ua)
        #expect(ua.bytes == hex("01013E 820101 83013F 84017F 8501FF 860103 080107"))
        var fast = expected
        fast.baudRates.insert(.rate4000000)
        fast.minimumTurnaround = .ms1
        #expect(NegotiationParameters(parsing: hex("01023E01 820101 83013F 84017F 850180 860107 080107")) == fast)
        #expect(fast.bytes == hex("01023E01 820101 83013F 84017F 8501FF 860107 080107"))
    }

    @Test("What we announce")
    func standard() {
        #expect(NegotiationParameters.standard.bytes == hex("01013E 820101 83013F 84017F 8501FF 860101 0801FF"))
    }

    @Test(
        "What is missing, empty, zero or undefined counts as the default",
        arguments: [
            "", "01", "0101", "010100", "0100 8200 8300 8400 8500 8600 0800",
            "010100 820100 830100 840100 850100 860100 080100", "8201F0 8301C0 840180", "01020000", "010200FC",
            "7F03AABBCC", "83053F",
        ])
    func defaults(_ bytes: String) {
        #expect(NegotiationParameters(parsing: hex(bytes)) == .defaults)
    }

    @Test("The defaults are those of the specification")
    func specifiedDefaults() {
        let defaults = NegotiationParameters.defaults
        #expect(defaults.baudRates == .rate9600 && defaults.maximumTurnaround == .ms500)
        #expect(defaults.dataSize.bytes == 64 && defaults.windowSize == 1)
        #expect(defaults.additionalBOFs == .bofs0 && defaults.minimumTurnaround == .ms10)
        #expect(defaults.disconnectTimes.longest == .seconds(40))
        #expect(NegotiationParameters(parsing: defaults.bytes) == defaults)
    }

    @Test("Any order, unknown parameters, surplus value bytes, a cut tail")
    func tolerance() {
        let parsed = NegotiationParameters(parsing: hex("080101 FF0211 22 8402 07 99 83011F 0102 2401 8601 08 85 01"))
        #expect(parsed.disconnectTimes == .s3)
        #expect(parsed.windowSize == 3 && parsed.dataSize == .bytes1024)
        #expect(parsed.baudRates == [.rate19200, .rate115200, .rate4000000])
        #expect(parsed.minimumTurnaround == .us500)
        #expect(parsed.additionalBOFs == .bofs0)
    }

    @Test("Only the highest bit of a type 1 value counts", arguments: 0..<8)
    func highestBit(_ bit: Int) throws {
        let value = UInt8(1) << UInt8(bit)
        let parsed = NegotiationParameters(parsing: [
            0x85, 1, value, 0x86, 1, value, 0x84, 1, value | 0x80, 0x83, 1, value,
        ])
        #expect(Int(parsed.additionalBOFs.rawValue) == bit && Int(parsed.minimumTurnaround.rawValue) == bit)
        #expect(parsed.windowSize == min(bit + 1, bit == 7 ? 1 : 7))
        #expect(parsed.dataSize == DataSize(rawValue: UInt8(bit)) ?? .bytes64)
        // Written with all lower bits, read as the same.
        #expect(NegotiationParameters(parsing: parsed.bytes) == parsed)
        #expect(parsed.bytes[14] == UInt8(truncatingIfNeeded: (2 << bit) - 1))
    }

    @Test("Values of the bits")
    func values() {
        #expect(
            BaudRate.allCases.map(\.bitsPerSecond)
                == [2400, 9600, 19200, 38400, 57600, 115_200, 576_000, 1_152_000, 4_000_000, 16_000_000])
        #expect(MaximumTurnaround.allCases.map(\.milliseconds) == [500, 250, 100, 50])
        #expect(DataSize.allCases.map(\.bytes) == [64, 128, 256, 512, 1024, 2048])
        #expect(MinimumTurnaround.allCases.map(\.microseconds) == [10_000, 5000, 1000, 500, 100, 50, 10, 0])
        #expect(
            (0..<8).map { DisconnectTimeSet(rawValue: 1 << $0).longest }
                == [3, 8, 12, 16, 20, 25, 30, 40].map { .seconds($0) })
        #expect(DisconnectTimeSet([]).longest == nil && BaudRateSet([]).highest == nil)
        #expect(BaudRateSet(rawValue: 0xFFFF).rates == BaudRate.allCases)
        #expect(BaudRateSet.sir.rawValue == 0x3E && BaudRateSet.sir.highest == .rate115200)
    }

    @Test("The secondary's answer keeps common speeds and times only")
    func intersection() {
        var own = NegotiationParameters.standard
        own.windowSize = 3
        var peer = NegotiationParameters.standard
        peer.baudRates = [.rate9600, .rate57600, .rate4000000]
        peer.disconnectTimes = [.s3, .s8, .s12]
        peer.windowSize = 5
        let answer = own.intersecting(peer)
        #expect(answer.baudRates == [.rate9600, .rate57600])
        #expect(answer.disconnectTimes == [.s3, .s8, .s12])
        #expect(answer.windowSize == 3)
        peer.baudRates = .rate4000000
        own.disconnectTimes = .s40
        #expect(own.intersecting(peer).baudRates == .rate9600)
        #expect(own.intersecting(peer).disconnectTimes == .all)
    }
}
