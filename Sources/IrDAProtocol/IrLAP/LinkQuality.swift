/// How many of our frames get lost, as the peer's acknowledgements tell.
///
/// Both counts fade, so that the estimate follows a link that gets better or worse.
struct LinkQuality: Sendable {
    /// After so many characters a loss counts for little more than a third.
    private static let memory = 150_000.0
    /// So many characters count as having arrived before the first one was sent.
    private static let benefitOfDoubt = 3000.0
    /// One loss, or two of which one is long past, may be an accident.
    private static let firstVerdict = 1.5
    private static let firstVerdictAfter = 1000.0

    private var lost = 0.0
    private var characters = 0.0

    /// The probability that a character is lost, and its frame with it.
    var lossRate: Double { lost < Self.firstVerdict ? 0 : lost / (characters + Self.benefitOfDoubt) }

    /// Whether enough has been sent, or lost, to tell anything.
    var isKnown: Bool { characters >= Self.firstVerdictAfter || lossRate > 0 }

    /// Notes the fate of a turn.
    ///
    /// - Parameters:
    ///   - arrived: the characters of the frames that were acknowledged.
    ///   - missing: the characters of the first frame that was not; nil if all were. Those behind it tell nothing, since the
    ///     peer drops them anyway.
    mutating func note(arrived: Int, missing: Int?) {
        let observed = Double(arrived + (missing ?? 0))
        let fading = max(0, 1 - observed / Self.memory)
        lost = lost * fading + (missing == nil ? 0 : 1)
        characters = characters * fading + observed
    }
}
