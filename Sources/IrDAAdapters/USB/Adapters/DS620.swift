/// KingSun or DonShine DS-620: 9600 bit/s only, heard in reports of up to seven characters.
///
/// Facts about adapters, section 9.4. It gives the same report again until there is a new one, and nothing tells a repetition from
/// light that looks the same. Between frames repetitions are dropped: they would be light that never ends. Within a frame they
/// are taken for light, as Linux does, or dropped if they are not full, which its owner may choose.
///
/// The shortest frame has six characters and would fit one report: of the equal frames of an idle link only the first would be
/// heard. So it asks the peer for two fillers before each frame.
public struct DS620: USBAdapter {
    private static let mostCharacters = 7
    /// As many full reports as a frame of 2048 bytes has with its head, its tail and some escapes.
    private static let mostFullRepetitions = 330
    /// While a frame goes on characters come each millisecond: a report that is not full is not the same for long.
    private static let mostRepetitions = 3

    /// How long the bus may keep a slow device waiting for its first packet.
    private static let pollTime = Duration.milliseconds(10)

    private let dropsRepetitions: Bool
    private var lastReport: [UInt8] = []
    private var repetitions = 0
    private var isInFrame = false
    /// When the light of what is being sent began, at the latest: characters go out as they come.
    public private(set) var lightBegan: Duration?

    /// Describes the adapter.
    ///
    /// - Parameter dropsRepetitions: whether a report within a frame that is like the one before, and not full, is dropped.
    public init(dropsRepetitions: Bool = false) {
        self.dropsRepetitions = dropsRepetitions
    }

    /// 9600 bit/s.
    public var rates: [Int] { [9600] }
    /// 1 ms.
    public var minimumTurnaround: Duration { .milliseconds(1) }
    /// 24, which are two at 9600 bit/s.
    public var additionalBOFs: Int { 24 }
    /// Listening may go on always.
    public var isHalfDuplex: Bool { false }
    /// Listening waits by itself.
    public var pollInterval: Duration { .zero }
    /// Interrupt endpoints.
    public var dataPath: USBDataPath { .interrupt }
    /// Never.
    public func takesFrames(at rate: Int) -> Bool { false }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        switch job {
        case .open: return .transfer(.clearHalts)
        case .transmit(.characters(let characters)):
            lightBegan = now + Self.pollTime
            return .transfer(.send(characters, endsShort: false))
        case .transmit, .changeRate, .finish, .close: return .done
        }
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        guard case .done = outcome else { return .failed(.refused("send")) }
        return .done
    }

    /// A report: the number of its characters, these, and anything. Any other number means that there is nothing.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        guard let count = bytes.first.map(Int.init), (1...Self.mostCharacters).contains(count), bytes.count > count
        else { return [] }
        let report = Array(bytes[1...count])
        repetitions = report == lastReport ? repetitions + 1 : 0
        lastReport = report
        if repetitions > 0, isRepetition { return [] }
        if let last = report.last(where: { $0 == 0xC0 || $0 == 0xC1 }) { isInFrame = last == 0xC0 }
        return [.characters(report)]
    }

    /// Whether a report that is like the one before is the same one.
    private var isRepetition: Bool {
        guard isInFrame else { return true }
        guard lastReport.count < Self.mostCharacters else { return repetitions > Self.mostFullRepetitions }
        return dropsRepetitions || repetitions > Self.mostRepetitions
    }
}
