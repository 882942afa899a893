public import IrDAProtocol

/// A rule that is in force, until it is removed.
public struct RuleID: Hashable, Sendable {
    let number: UInt64
}

/// Something that goes wrong on the medium or at a station, in a way that is laid down.
///
/// A rule looks at frames on their way from one station to another, and does something to those that it is about. Rules apply
/// in the order in which they were added.
public struct MediumRule: Sendable {
    /// Makes another frame of one; nil makes it vanish.
    public typealias Rewriting = @Sendable (IrLAPFrame) -> IrLAPFrame?

    /// What a rule does.
    public enum Effect: Sendable {
        /// The receiver does not see it at all.
        case drop
        /// So many bits arrive wrong.
        case corrupt(bits: Int)
        /// The light goes on so much later.
        case delay(Duration)
        /// The light goes out after so many characters.
        case cutShort(characters: Int)
        /// The sender says something else, with a good check sequence.
        case say(Rewriting)
        /// The receiver takes it for something else.
        case hear(Rewriting)
        /// The sender adds these bytes behind it.
        case stray([UInt8])
        /// The sun shines on the receiver: this part of the bits arrives wrong.
        case sunlight(bitErrorRate: Double)
        /// The receiver hears nothing that begins so soon after its own light.
        case deaf(Duration)
        /// The sender lights up again and again, whoever has the turn.
        case interference(Interference)
    }

    /// Light that comes out of turn.
    public struct Interference: Sendable {
        /// From one light to the next.
        public var interval: Duration
        /// What it is.
        public var bytes: [UInt8]
        /// At what rate; nil: at that which the station happens to have.
        public var rate: BaudRate?

        /// Light of these bytes, every `interval`.
        public init(interval: Duration, bytes: [UInt8], rate: BaudRate? = nil) {
            self.interval = max(interval, .microseconds(100))
            self.bytes = bytes
            self.rate = rate
        }
    }

    /// Whose light it is about; nil: anybody's.
    public var sender: StationID?
    /// Who receives; nil: everybody. What happens at the sender happens for all.
    public var receiver: StationID?
    /// Which frames it is about.
    public var frames: FrameFilter
    /// How often it applies where it could, 0 to 1.
    public var probability: Double
    /// How many times it applies at most.
    public var limit: Int?
    /// How many frames that it is about pass first.
    public var skipping: Int
    /// What it does.
    public var effect: Effect

    /// A rule.
    ///
    /// - Parameters:
    ///   - effect: what it does.
    ///   - frames: which frames it is about.
    ///   - sender: whose light; nil: anybody's.
    ///   - receiver: in whose eyes; nil: in everybody's.
    ///   - probability: how often it applies where it could, 0 to 1.
    ///   - limit: how many times it applies at most; nil: without end.
    ///   - skipping: how many frames that it is about pass first.
    public init(
        _ effect: Effect, to frames: FrameFilter = .any, from sender: StationID? = nil, at receiver: StationID? = nil,
        probability: Double = 1, limit: Int? = nil, skipping: Int = 0
    ) {
        self.effect = effect
        self.frames = frames
        self.sender = sender
        self.receiver = receiver
        self.probability = probability
        self.limit = limit
        self.skipping = skipping
    }

    /// Nothing gets from one station to another, while the other direction works.
    public static func mute(from sender: StationID, to receiver: StationID? = nil) -> MediumRule {
        MediumRule(.drop, from: sender, at: receiver)
    }
}

/// Which frames a rule is about.
public struct FrameFilter: Sendable {
    private let matches: @Sendable (IrLAPFrame) -> Bool

    /// The frames for which this holds.
    public init(_ matches: @escaping @Sendable (IrLAPFrame) -> Bool) {
        self.matches = matches
    }

    /// Every frame.
    public static let any = FrameFilter { _ in true }
    /// Requests for a connection.
    public static let connectionRequests = unnumbered(.setNormalResponseMode, isCommand: true)
    /// What is answered to them, and to the end of a connection.
    public static let acknowledgements = unnumbered(.unnumberedAcknowledgement, isCommand: false)
    /// The queries and the final command of a discovery.
    public static let discoveryCommands = unnumbered(.xidCommand, isCommand: true)
    /// The final command of a discovery.
    public static let discoveryFinals = FrameFilter { XIDFrame($0)?.slot == .final && $0.address.isCommand }
    /// The answers to a discovery.
    public static let discoveryResponses = unnumbered(.xidResponse, isCommand: false)
    /// I frames.
    public static let information = FrameFilter { frame in
        if case .information = frame.control { true } else { false }
    }
    /// S frames.
    public static let supervisory = FrameFilter { frame in
        if case .supervisory = frame.control { true } else { false }
    }
    /// Frames that give the turn away.
    public static let turns = FrameFilter { $0.control.pollFinal && $0.address.connection != .broadcast }

    /// One kind of U frame.
    public static func unnumbered(_ kind: UnnumberedKind, isCommand: Bool) -> FrameFilter {
        FrameFilter { frame in
            if case .unnumbered(kind, _) = frame.control { frame.address.isCommand == isCommand } else { false }
        }
    }

    /// Whether a frame is one of them.
    public func contains(_ frame: IrLAPFrame) -> Bool { matches(frame) }
}
