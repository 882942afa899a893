/// An adapter of the USB IrDA Bridge class: it takes whole frames and does everything else itself.
///
/// USB IrDA Bridge Device Definition 1.0. Three old devices change their speed before a frame instead of after it; here a change
/// always goes alone, after the frame, which is right for all.
public struct IrDABridge: USBAdapter {
    private enum Stage: Sendable {
        case idle
        case descriptor
        case standardDescriptor
        case setting
        case changingFillers(frame: [UInt8], code: UInt8)
        case frame
    }

    private static let twelveFillers: UInt8 = 3
    private let interface: UInt8
    private let isEarly: Bool
    private var stage = Stage.idle
    private var descriptor: BridgeDescriptor?
    private var speedCode: UInt8 = 0
    private var fillerCode: UInt8 = 0
    private var wantedRate = 9600

    /// Describes the adapter.
    ///
    /// - Parameters:
    ///   - interface: the number of its interface.
    ///   - isEarly: whether it is one of the old devices, which lose all but the first frame of a turn, whatever they say.
    public init(interface: UInt8 = 0, isEarly: Bool = false) {
        self.interface = interface
        self.isEarly = isEarly
    }

    /// What its descriptor says; the speeds of SIR until that is known.
    public var rates: [Int] { descriptor?.rates ?? [9600, 19200, 38400, 57600, 115_200] }
    /// What its descriptor says.
    public var minimumTurnaround: Duration { descriptor?.minimumTurnaround ?? .milliseconds(10) }
    /// What its descriptor says.
    public var dataSize: Int { descriptor?.dataSize ?? 64 }
    /// What its descriptor says; one until that is known.
    public var windowSize: Int { isEarly ? 1 : descriptor?.windowSize ?? 1 }
    /// What its descriptor says.
    public var additionalBOFs: Int { descriptor?.additionalBOFs ?? 48 }
    /// Listening may go on always.
    public var isHalfDuplex: Bool { false }
    /// Listening waits by itself.
    public var pollInterval: Duration { .zero }
    /// Always.
    public func takesFrames(at rate: Int) -> Bool { true }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        switch job {
        case .open:
            stage = .descriptor
            return .transfer(.control(USBSetup(0xA1, 0x06, index: UInt16(interface), length: 12)))
        case .changeRate(let rate):
            guard let code = BridgeDescriptor.speedCode(of: rate) else { return .failed(.noSuchRate(rate)) }
            // No fillers above SIR.
            return set(speed: code, fillers: rate > 115_200 ? 8 : Self.twelveFillers)
        case .transmit(.frame(let frame, let fillers)):
            let code = speedCode > 6 ? 8 : BridgeDescriptor.fillerCode(atLeast: fillers)
            guard code != fillerCode else { return send(frame) }
            stage = .changingFillers(frame: frame, code: code)
            return .transfer(.send([code << 4 | speedCode], endsShort: true))
        case .transmit(.characters), .finish, .close: return .done
        }
    }

    private mutating func set(speed: UInt8, fillers: UInt8) -> USBStep {
        stage = .setting
        speedCode = speed
        fillerCode = fillers
        return .transfer(.send([fillers << 4 | speed], endsShort: true))
    }

    private mutating func send(_ frame: [UInt8]) -> USBStep {
        stage = .frame
        return .transfer(.send([0] + frame, endsShort: true))
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        switch (stage, outcome) {
        case (.descriptor, .done(let bytes)), (.standardDescriptor, .done(let bytes)):
            do throws(USBProblem) {
                descriptor = try BridgeDescriptor(bytes)
            } catch {
                return .failed(error)
            }
            return set(speed: 2, fillers: Self.twelveFillers)
        case (.descriptor, _):
            // Some answer the standard request instead, which the definition forbids.
            stage = .standardDescriptor
            return .transfer(.control(USBSetup(0x81, 0x06, value: 0x2100, index: UInt16(interface), length: 12)))
        case (.changingFillers(let frame, let code), .done):
            fillerCode = code
            return send(frame)
        case (.setting, .done), (.frame, .done):
            stage = .idle
            return .done
        case (.standardDescriptor, _): return .failed(.refused("say what it can do"))
        case (.setting, _), (.changingFillers, _): return .failed(.refused("change its speed"))
        case (.frame, _): return .failed(.refused("send a frame"))
        case (.idle, _): return .done
        }
    }

    /// One frame behind a byte of status; that byte alone tells of light that was no frame.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        bytes.count > 1 ? [.frame(Array(bytes.dropFirst()), additionalBOFs: 0)] : []
    }
}

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

    private static let allRates = [2400, 9600, 19200, 38400, 57600, 115_200, 576_000, 1_152_000, 4_000_000]
    private static let turnarounds = [10_000, 5000, 1000, 500, 100, 50, 10, 0]
    private static let fillers = [48, 24, 12, 6, 3, 2, 1, 0]

    /// Reads the descriptor.
    ///
    /// - Throws: what it says that cannot be.
    public init(_ bytes: [UInt8]) throws(USBProblem) {
        guard bytes.count >= 12, bytes[0] >= 12, bytes[1] == 0x21 else {
            throw .nonsense("what it can do in no form that is known")
        }
        let mask = UInt16(bytes[7]) | UInt16(bytes[8]) << 8
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
}
