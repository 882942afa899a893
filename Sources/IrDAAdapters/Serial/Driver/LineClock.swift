/// When what was written has left the wire: by the port's word, and by counting characters where that word says too little.
struct LineClock: Sendable {
    private let draining: SerialPortTraits.Draining
    /// When the last stop bit has left, if each byte followed the one before it at once.
    private(set) var computedEnd = Duration.zero
    private var hiddenEnd = Duration.zero
    private var countSinceIdle = 0
    private(set) var isDrained = true

    init(_ draining: SerialPortTraits.Draining) {
        self.draining = draining
    }

    mutating func wrote(_ count: Int, at rate: Int, now: Duration) {
        if now >= computedEnd { countSinceIdle = 0 }
        countSinceIdle += count
        computedEnd = max(now, computedEnd) + .characters(count, at: rate)
        isDrained = false
    }

    /// Bytes have been written whose time is over.
    mutating func wrote(until end: Duration) {
        computedEnd = max(computedEnd, end)
        isDrained = false
    }

    /// The port says that it holds nothing any more.
    mutating func drained(at rate: Int, now: Duration) {
        guard !isDrained else { return }
        isDrained = true
        hiddenEnd = now + .characters(min(countSinceIdle, draining.hiddenBytes), at: rate)
    }

    /// When a line or the speed may change; nil as long as the port holds bytes.
    var quietMoment: Duration? {
        guard isDrained else { return nil }
        let margin = draining.hiddenBytes > 0 ? Self.hiddenMargin : .zero
        return max(computedEnd + draining.guardTime, hiddenEnd + margin)
    }

    /// A port that holds bytes until then is stuck.
    var limit: Duration { computedEnd + Self.patience }

    private static let hiddenMargin = Duration.milliseconds(5)
    private static let patience = Duration.seconds(2)
}
