public import IrDAProtocol

/// Who had the light when, as one station saw it.
///
/// A capture tells when a frame of ours began, and when one of the peer's had arrived; how long it took follows from its length
/// and from the rate, which the SNRM and UA in the capture tell.
public struct Timeline: Sendable {
    /// One frame, as light.
    public struct Light: Hashable, Sendable {
        /// When it went on and off.
        public let start: IrDAInstant
        /// When it went off.
        public let end: IrDAInstant
        /// Whose it is, seen from the station that captured it.
        public let direction: ObservedFrame.Direction
        /// A, C and information.
        public let bytes: [UInt8]
        /// At what rate.
        public let rate: BaudRate
        /// Whether it is an I frame whose number has just been there: it was sent again.
        public let isRepeated: Bool

        /// How long it was on.
        public var duration: Duration { start.duration(to: end) }

        /// The frame in the words of the field.
        public var text: String {
            IrLAPFrame(bytes: bytes)?.description ?? "\(bytes.count) bytes that are no frame"
        }
    }

    /// The frames, in the order of their beginnings.
    public let lights: [Light]

    /// Lays out frames in time.
    public init(_ frames: [ObservedFrame]) {
        var reader = Reader()
        lights = frames.map { reader.light(of: $0) }.sorted { $0.start < $1.start }
    }

    private init(lights: [Light]) {
        self.lights = lights
    }

    /// The part between two moments.
    public func part(from start: IrDAInstant, to end: IrDAInstant) -> Timeline {
        Timeline(lights: lights.filter { $0.end > start && $0.start < end })
    }

    /// Follows the rate and the numbers through a capture.
    private struct Reader {
        private var lastEnd = IrDAInstant(nanoseconds: .min)
        private var connectionRequest: SNRMFrame?
        private var link: (rate: BaudRate, fillersToUs: AdditionalBOFs, fillersToPeer: AdditionalBOFs)?
        private var lastNumbers: [ObservedFrame.Direction: (ns: UInt8, information: [UInt8])] = [:]

        mutating func light(of observed: ObservedFrame) -> Light {
            let frame = IrLAPFrame(bytes: observed.bytes)
            let isOutside = frame?.address.connection == .broadcast
            if isOutside { link = nil }
            let rate = link?.rate ?? .rate9600
            let fillers = observed.direction == .sent ? link?.fillersToPeer : link?.fillersToUs
            let time = Self.time(of: observed.bytes, at: rate, fillers)
            var isRepeated = false
            if let frame {
                isRepeated = note(frame, observed.direction)
            }
            let start = beginning(of: observed, lasting: time)
            lastEnd = max(lastEnd, start.advanced(by: time))
            return Light(
                start: start, end: start.advanced(by: time), direction: observed.direction, bytes: observed.bytes,
                rate: rate, isRepeated: isRepeated)
        }

        /// We write down the end of what has arrived. Other programs may write down its beginning, which shows where the light
        /// would otherwise have been on before the one before it was out.
        private func beginning(of observed: ObservedFrame, lasting time: Duration) -> IrDAInstant {
            guard observed.direction == .received else { return observed.moment }
            let start = observed.moment.advanced(by: .zero - time)
            return start < lastEnd && observed.moment >= lastEnd ? observed.moment : start
        }

        /// - Returns: whether it is an I frame that was just there.
        private mutating func note(_ frame: IrLAPFrame, _ direction: ObservedFrame.Direction) -> Bool {
            if let snrm = SNRMFrame(frame) { connectionRequest = snrm }
            if let ua = UAFrame(frame) {
                if let request = connectionRequest, !ua.parameters.isEmpty {
                    begin(request, ua, isSecondary: direction == .sent)
                    connectionRequest = nil
                } else if frame.address.connection != .broadcast {
                    link = nil
                }
            }
            if case .information(let ns, _, _) = frame.control {
                defer { lastNumbers[direction] = (ns, frame.information) }
                return lastNumbers[direction].map { $0.ns == ns && $0.information == frame.information } ?? false
            }
            return false
        }

        private mutating func begin(_ snrm: SNRMFrame, _ ua: UAFrame, isSecondary: Bool) {
            let primary = NegotiationParameters(parsing: snrm.parameters)
            let secondary = NegotiationParameters(parsing: ua.parameters)
            let (own, peer) = isSecondary ? (secondary, primary) : (primary, secondary)
            let outcome = LinkParameters.negotiate(own: own, peer: peer)
            link = (outcome.baudRate, outcome.receive.additionalBOFs, outcome.transmit.additionalBOFs)
            lastNumbers = [:]
        }

        private static func time(of bytes: [UInt8], at rate: BaudRate, _ fillers: AdditionalBOFs?) -> Duration {
            guard rate <= .rate115200 else {
                return rate.airTime(ofPacket: bytes.count + (rate >= .rate4000000 ? 4 : 2))
            }
            // Outside a connection ten fillers go before each frame (IrLAP 1.1, 6.6.10).
            let count = fillers?.count(at: rate) ?? 10
            return rate.time(forBytes: SIRFramer.encodedLength(bytes, additionalBOFs: count))
        }
    }
}

extension Timeline {
    /// What a timeline comes to.
    public struct Summary: Hashable, Sendable {
        /// From the first light to the last.
        public var time: Duration
        /// How long we had the light.
        public var ours: Duration
        /// How long the peer had it.
        public var theirs: Duration
        /// How many frames we sent.
        public var sent: Int
        /// How many frames arrived.
        public var received: Int
        /// How many I frames were sent again at once, by either.
        public var repeated: Int
        /// The information of the I frames, in bytes, without what was sent again.
        public var informationBytes: Int
    }

    /// What it comes to.
    public var summary: Summary {
        var summary = Summary(
            time: .zero, ours: .zero, theirs: .zero, sent: 0, received: 0, repeated: 0, informationBytes: 0)
        guard let first = lights.first else { return summary }
        var end = first.end
        for light in lights {
            end = max(end, light.end)
            switch light.direction {
            case .sent:
                summary.ours += light.duration
                summary.sent += 1
            case .received:
                summary.theirs += light.duration
                summary.received += 1
            }
            guard case .information? = IrLAPFrame(bytes: light.bytes)?.control else { continue }
            if light.isRepeated {
                summary.repeated += 1
            } else {
                summary.informationBytes += light.bytes.count - 2
            }
        }
        summary.time = first.start.duration(to: end)
        return summary
    }
}
