/// SigmaTel STIr4210, 4220 and 4116, as in the ACT-IR2012UL: bridges of a kind, once they have their firmware.
///
/// Facts about adapters, section 6. The firmware goes when the adapter is unplugged or reset, so it is sent each time.
public struct STIr421x: USBAdapter {
    private enum Stage: Sendable {
        case identifying
        case entering
        case settling
        case loading
        case bridging
    }

    private static let pieceLength = 1023
    private static let settleTime = Duration.milliseconds(10)
    /// The longest times that the codes from 0 stand for, in microseconds; the last code is for all that is longer.
    private static let turnarounds = [0, 10, 50, 100, 500, 1000, 5000]

    private let firmware: STIr421xFirmware?
    private var bridge: IrDABridge
    private var stage = Stage.identifying
    private var rest: ArraySlice<UInt8> = []
    private let usualTurnaround: UInt8
    /// The code of the time to wait before the next frame.
    private var turnaround: UInt8

    /// Describes the adapter.
    ///
    /// - Parameters:
    ///   - interface: the number of its interface.
    ///   - firmware: its owner's; without, it cannot be opened.
    ///   - waitsLong: whether it is told to wait 10 ms before each frame by itself; otherwise only as long as it is told.
    public init(interface: UInt8 = 0, firmware: STIr421xFirmware?, waitsLong: Bool = false) {
        self.firmware = firmware
        bridge = IrDABridge(interface: interface, form: .sigmaTel)
        usualTurnaround = waitsLong ? UInt8(Self.turnarounds.count) : 0
        turnaround = usualTurnaround
    }

    /// What its descriptor says; the speeds of SIR until that is known.
    public var rates: [Int] { bridge.rates }
    /// What its descriptor says.
    public var minimumTurnaround: Duration { bridge.minimumTurnaround }
    /// What its descriptor says.
    public var dataSize: Int { bridge.dataSize }
    /// What its descriptor says; one until that is known.
    public var windowSize: Int { bridge.windowSize }
    /// What its descriptor says.
    public var additionalBOFs: Int { bridge.additionalBOFs }
    /// Listening may go on always.
    public var isHalfDuplex: Bool { false }
    /// Listening waits by itself.
    public var pollInterval: Duration { .zero }
    /// Always.
    public func takesFrames(at rate: Int) -> Bool { true }

    /// It can wait by itself, when it is told how long.
    public var keepsTurnaround: Bool { true }

    /// Tells it how long the peer still needs after its own light, before the first frame of a transmission; later ones follow at once.
    public mutating func keepTurnaround(_ time: Duration) {
        let code = Self.turnarounds.firstIndex { time <= .microseconds($0) } ?? Self.turnarounds.count
        turnaround = max(usualTurnaround, UInt8(code))
    }

    /// With as many fillers as there is a code for.
    public func asSent(_ light: AdapterLight) -> AdapterLight { bridge.asSent(light) }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        guard job == .open else {
            stage = .bridging
            if case .transmit = job {
                bridge.form.turnaroundCode = turnaround
                turnaround = usualTurnaround
            }
            return bridge.begin(job, at: now)
        }
        guard let firmware else { return .failed(.firmware("the adapter needs firmware, and was given none")) }
        rest = firmware.image[...]
        stage = .identifying
        return .transfer(.control(USBSetup(0x80, 0x06, value: 0x0100, length: 18)))
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        guard stage != .bridging else { return bridge.next(outcome, at: now) }
        guard case .done(let bytes) = outcome else { return .failed(.refused("take its firmware")) }
        switch stage {
        case .identifying:
            guard bytes.count >= 14 else { return .failed(.nonsense("less than its descriptor")) }
            let release = UInt16(bytes[12]) | UInt16(bytes[13]) << 8
            if let firmware, firmware.release != release {
                return .failed(
                    .firmware(
                        "the firmware is for release \(firmware.release.hexadecimal), and the adapter is \(release.hexadecimal)"
                    ))
            }
            stage = .entering
            return .transfer(.control(USBSetup(0x40, 0x02)))
        case .entering, .loading:
            stage = .settling
            return .wait(Self.settleTime)
        case .settling:
            guard !rest.isEmpty else {
                stage = .bridging
                return bridge.begin(.open, at: now)
            }
            stage = .loading
            defer { rest = rest.dropFirst(Self.pieceLength) }
            return .transfer(.send(Array(rest.prefix(Self.pieceLength)), endsShort: false))
        case .bridging: return .done
        }
    }

    /// One frame behind three bytes.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] { bridge.heard(bytes, at: now) }
}
