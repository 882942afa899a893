public import IrDAProtocol

/// What the rules of IrLAP leave of a link's rate for data that goes one way: the figure that a stack can be measured against.
///
/// It is derived from the frame format and the rules, not from the stack: a turn is filled with as few frames as possible, the
/// last one as long as still fits; the peer answers RR; both wait for each other's minimum turn-around time. Data is random, so
/// three of 256 bytes are escaped, and each frame carries three bytes of headers (two selectors, TinyTP's credit).
public struct BulkLimit: Sendable {
    /// The best that go-back-N can do on a link with errors.
    public struct WithErrors: Hashable, Sendable {
        /// The payload in bit/s, on the average.
        public var bitsPerSecond: Double
        /// The information field of its frames in bytes.
        public var frameSize: Int
        /// Whether its turns end with a separate RR, so that the P/F bit is rarely lost.
        public var endsWithSupervisory: Bool
    }

    private static let headers = 3
    private static let answerTime = 0.5

    private let parameters: LinkParameters
    private let escapes: Double

    /// The limit of what a station can send.
    ///
    /// - Parameters:
    ///   - parameters: what it negotiated.
    ///   - escapeFactor: characters for a byte; 1 for text, 1 + 3/256 for random bytes, 2 at worst.
    public init(of parameters: LinkParameters, escapeFactor: Double = 1 + 3.0 / 256) {
        self.parameters = parameters
        escapes = parameters.baudRate <= .rate115200 ? escapeFactor : 1
    }

    /// Without errors, in bit/s.
    public var withoutErrors: Double {
        let frames = turn(frameSize: parameters.transmit.dataSize, reserving: 0)
        let payload = frames.reduce(0) { $0 + $1 - Self.headers }
        return Double(8 * payload) / (frames.reduce(0) { $0 + time(of: $1) } + pause)
    }

    /// With a bit error rate, for the frame size that is best for it.
    public func goBackN(bitErrorRate: Double) -> WithErrors {
        var best = WithErrors(bitsPerSecond: 0, frameSize: 0, endsWithSupervisory: false)
        for size in stride(from: 16, through: parameters.transmit.dataSize, by: 1) {
            for endsWithSupervisory in [false, true] {
                let rate = goBackN(bitErrorRate, frameSize: size, endsWithSupervisory: endsWithSupervisory)
                if rate > best.bitsPerSecond {
                    best = WithErrors(
                        bitsPerSecond: rate, frameSize: size, endsWithSupervisory: endsWithSupervisory)
                }
            }
        }
        return best
    }

    private func goBackN(_ bitErrorRate: Double, frameSize: Int, endsWithSupervisory: Bool) -> Double {
        let frames = turn(frameSize: frameSize, reserving: endsWithSupervisory ? 1 : 0)
        // The peer takes what comes before the first loss.
        var payload = 0.0
        var intact = 1.0
        var survival = 1.0
        for frame in frames {
            survival = self.survival(of: frame, bitErrorRate)
            intact *= survival
            payload += intact * Double(8 * (frame - Self.headers))
        }
        let ending = self.survival(of: 0, bitErrorRate)
        let heard = (endsWithSupervisory ? ending : survival) * ending
        let time =
            frames.reduce(0) { $0 + self.time(of: $1) } + (endsWithSupervisory ? self.time(of: 0) : 0) + pause
            + (1 - heard) * Self.answerTime
        return payload / time
    }

    /// The information fields of a turn.
    private func turn(frameSize: Int, reserving supervisory: Int) -> [Int] {
        let overhead = 6 + fillers
        var left = parameters.transmit.lineCapacity - 1 - parameters.transmit.turnaroundBytes - supervisory * overhead
        var frames: [Int] = []
        while frames.count < parameters.transmit.windowSize {
            let size = min(frameSize, left - overhead)
            guard size > Self.headers || frames.isEmpty else { break }
            frames.append(size)
            left -= size + overhead
        }
        // A short rest may cost more of the time than it brings.
        if frames.count > 1, let last = frames.last, rate(of: frames.dropLast()) > rate(of: frames[...]),
            last < frameSize
        {
            frames.removeLast()
        }
        return frames
    }

    private func rate(of frames: ArraySlice<Int>) -> Double {
        Double(frames.reduce(0) { $0 + $1 - Self.headers }) / (frames.reduce(0) { $0 + time(of: $1) } + pause)
    }

    private var fillers: Int { parameters.transmit.additionalBOFs.count(at: parameters.baudRate) }

    /// Both turn-around times, and the RR between them.
    private var pause: Double {
        (parameters.transmit.minimumTurnaround + parameters.receive.minimumTurnaround) / .seconds(1) + time(of: 0)
    }

    /// How long a frame takes, in seconds.
    private func time(of information: Int) -> Double {
        let rate = parameters.baudRate
        guard rate <= .rate115200 else {
            let check = rate >= .rate4000000 ? 4 : 2
            return rate.airTime(ofPacket: information + 2 + check) / .seconds(1)
        }
        return (Double(fillers) + characters(of: information)) * 10 / Double(rate.bitsPerSecond)
    }

    private func characters(of information: Int) -> Double { 2 + Double(information + 4) * escapes }

    private func survival(of information: Int, _ bitErrorRate: Double) -> Double {
        var (result, square) = (1.0, 1 - bitErrorRate)
        var rest = Int(8 * characters(of: information))
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
