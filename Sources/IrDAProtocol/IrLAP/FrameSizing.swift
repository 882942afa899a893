/// How new frames are cut, and how a turn ends, so that most of the data arrives in the time.
struct FrameSizing: Hashable, Sendable {
    /// The most bytes of information.
    var information: Int
    /// Whether a turn of I frames ends with an S frame of its own.
    ///
    /// If the frame with P/F is lost, nobody speaks until the F-timer expires. A short frame is lost more rarely than a long one.
    var endsWithSupervisory: Bool

    /// What a link is like.
    struct Link: Sendable {
        /// The most frames of a turn.
        var window: Int
        /// The largest information field in bytes.
        var dataSize: Int
        /// What a frame takes beside its information, in characters.
        var overhead: Int
        /// The most characters of a turn.
        var capacity: Int
        /// The peer's answer and both turn-around times, in characters.
        var pause: Int
        /// What a lost P/F costs, in characters.
        var silence: Int

        init(_ parameters: LinkParameters, silence: Duration) {
            let rate = parameters.baudRate
            let character = rate.time(forBytes: 1).wholeNanoseconds
            let limits = parameters.transmit
            window = limits.windowSize
            dataSize = limits.dataSize
            overhead = 6 + limits.additionalBOFs.count(at: rate)
            capacity = limits.lineCapacity - 1 - limits.turnaroundBytes
            let turnarounds = limits.minimumTurnaround + parameters.receive.minimumTurnaround
            pause = 6 + Int(turnarounds.wholeNanoseconds / character)
            self.silence = Int(silence.wholeNanoseconds / character)
        }
    }

    /// Two selectors and the byte of TinyTP, which are in every frame of bulk data.
    private static let header = 3
    private static let sizes = [
        40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792,
        2048,
    ]

    /// The best for a rate of losses a character: the most payload in the time of a turn, on the average, by go-back-N.
    static func best(for link: Link, lossRate: Double) -> FrameSizing {
        guard lossRate > 0 else { return FrameSizing(information: link.dataSize, endsWithSupervisory: false) }
        var best = FrameSizing(information: link.dataSize, endsWithSupervisory: false)
        var most = 0.0
        for size in sizes.prefix(while: { $0 < link.dataSize }) + [link.dataSize] {
            for endsWithSupervisory in [false, true] {
                let sizing = FrameSizing(information: size, endsWithSupervisory: endsWithSupervisory)
                let yield = sizing.yield(on: link, lossRate: lossRate)
                if yield > most { (best, most) = (sizing, yield) }
            }
        }
        return best
    }

    /// The payload bytes that arrive in the time of one character, on the average.
    func yield(on link: Link, lossRate: Double) -> Double {
        let length = information + link.overhead
        let ending = endsWithSupervisory ? link.overhead : 0
        let frames = max(1, min(link.window, (link.capacity - ending) / length))
        let survival = power(1 - min(lossRate, 1), length)
        // The peer takes what comes before the first loss.
        var arriving = 0.0
        var intact = 1.0
        for _ in 0..<frames {
            intact *= survival
            arriving += intact
        }
        let lostEnding = 1 - power(1 - min(lossRate, 1), endsWithSupervisory ? link.overhead : length)
        let time = Double(frames * length + ending + link.pause) + lostEnding * Double(link.silence)
        return arriving * Double(max(1, information - Self.header)) / time
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
