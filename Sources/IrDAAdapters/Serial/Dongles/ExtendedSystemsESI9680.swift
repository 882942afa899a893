/// Extended Systems JetEye PC ESI-9680: the levels of the lines are the speed.
public struct ExtendedSystemsESI9680: SerialDongle {
    private static let levels: [(rate: Int, lines: SerialLines)] = [
        (9600, .onlyRTS), (19200, .onlyDTR), (115_200, .both),
    ]

    /// Describes the dongle.
    public init() {}

    /// 9600, 19200 and 115200 bit/s; there is no level for the others.
    public var rates: [Int] { Self.levels.map(\.rate) }
    /// 10 ms.
    public var minimumTurnaround: Duration { .milliseconds(10) }
    /// Fed at 9600 bit/s; a port that has just been opened has both lines up, which is 115200.
    public var opening: [SerialStep] { [.lines(.onlyRTS), .wait(.milliseconds(50))] }
    /// Off and on.
    public var reset: [SerialStep] { [.lines(.neither), .lines(.onlyRTS)] }

    /// The pair of levels.
    public func change(to rate: Int) -> [SerialStep]? {
        Self.levels.first { $0.rate == rate }.map { [.lines($0.lines)] }
    }
}
