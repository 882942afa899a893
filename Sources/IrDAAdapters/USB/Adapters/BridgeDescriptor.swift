/// What a bridge says of itself: the class descriptor of 12 bytes.
public struct BridgeDescriptor: Hashable, Sendable {
    /// Its speeds, in bit/s, slowest first.
    public let rates: [Int]
    /// The most bytes of a frame's I-field.
    public let dataSize: Int
    /// The most frames in a turn.
    public let windowSize: Int
    /// How long its receiver is deaf after its own light.
    public let minimumTurnaround: Duration
    /// How many additional BOFs its receiver needs at 115200 bit/s.
    public let additionalBOFs: Int

    /// The speeds in the order of their bits and codes; the last is SigmaTel's.
    private static let allRates = [
        2400, 9600, 19200, 38400, 57600, 115_200, 576_000, 1_152_000, 4_000_000, 16_000_000,
    ]
    private static let definedRates: UInt16 = 0x01FF
    private static let turnarounds = [10_000, 5000, 1000, 500, 100, 50, 10, 0]
    private static let fillers = [48, 24, 12, 6, 3, 2, 1, 0]

    /// Reads the descriptor.
    ///
    /// - Parameters:
    ///   - bytes: its bytes.
    ///   - hasVFIR: whether it may name 16 Mbit/s, for which the definition has no bit.
    /// - Throws: what it says that cannot be.
    public init(_ bytes: [UInt8], hasVFIR: Bool = false) throws(USBProblem) {
        guard bytes.count >= 12, bytes[0] >= 12, bytes[1] == 0x21 else {
            throw .nonsense("what it can do in no form that is known")
        }
        let mask = (UInt16(bytes[7]) | UInt16(bytes[8]) << 8) & (hasVFIR ? 0xFFFF : Self.definedRates)
        rates = Self.allRates.enumerated().filter { mask & 1 << UInt16($0.offset) != 0 }.map(\.element)
        guard rates.contains(9600) else { throw .nonsense("that it does not have 9600 bit/s, where connections begin") }
        dataSize = 64 << Self.highestBit(of: bytes[4] & 0x3F)
        windowSize = 1 + Self.highestBit(of: bytes[5] & 0x7F)
        // As in the parameters of IrLAP, which the fields are copies of, the highest bit is the value.
        minimumTurnaround = .microseconds(Self.turnarounds[Self.highestBit(of: bytes[6])])
        // No bit at all means that there is no SIR, and 9600 bit/s says that there is.
        additionalBOFs = bytes[9] == 0 ? 0 : Self.fillers[Self.highestBit(of: bytes[9])]
    }

    private static func highestBit(of byte: UInt8) -> Int { byte == 0 ? 0 : 7 - byte.leadingZeroBitCount }

    /// The code of a speed in a header.
    static func speedCode(of rate: Int) -> UInt8? { allRates.firstIndex(of: rate).map { UInt8($0 + 1) } }

    /// The code of the smallest number of fillers that is enough.
    static func fillerCode(atLeast count: Int) -> UInt8 {
        let index: Int = fillers.lastIndex { $0 >= count } ?? 0
        return UInt8(index + 1)
    }

    /// The number of fillers that a code stands for.
    static func fillerCount(of code: UInt8) -> Int {
        (1...fillers.count).contains(Int(code)) ? fillers[Int(code) - 1] : 0
    }
}
