/// The outcome of the negotiation, as one side of the connection uses it (IrLAP 1.1, 6.6.11).
public struct LinkParameters: Sendable, Hashable {
    /// What binds one direction of transmission.
    public struct Direction: Sendable, Hashable {
        /// The largest I-field in bytes.
        ///
        /// To transmit, it is what fits one turn by the line-capacity rule; to receive, it is what was announced, since a peer
        /// may count differently.
        public var dataSize: Int
        /// The most I and UI frames in a row, as the receiver announced it.
        public var windowSize: Int
        /// The window of full frames that the line-capacity rule leaves.
        public var capacityWindow: Int
        /// The fillers the receiver announced; `count(at:)` gives the number at the negotiated speed.
        public var additionalBOFs: AdditionalBOFs
        /// How long the sender must wait after the receiver's last byte.
        public var minimumTurnaround: Duration
        /// How long the sender may hold the line.
        public var maximumTurnaround: Duration
        /// The most bytes of one turn.
        public var lineCapacity: Int
        /// How many of them the minimum turn-around time takes.
        public var turnaroundBytes: Int

        /// A direction from its values: sizes in bytes, windows in frames.
        public init(
            dataSize: Int, windowSize: Int, capacityWindow: Int, additionalBOFs: AdditionalBOFs,
            minimumTurnaround: Duration, maximumTurnaround: Duration, lineCapacity: Int, turnaroundBytes: Int = 0
        ) {
            self.dataSize = dataSize
            self.windowSize = windowSize
            self.capacityWindow = capacityWindow
            self.additionalBOFs = additionalBOFs
            self.minimumTurnaround = minimumTurnaround
            self.maximumTurnaround = maximumTurnaround
            self.lineCapacity = lineCapacity
            self.turnaroundBytes = turnaroundBytes
        }

        /// The direction towards the station that announced `receiver`.
        fileprivate init(towards receiver: NegotiationParameters, rate: BaudRate, reducingDataSize: Bool) {
            let turnaround = rate < .rate115200 ? .ms500 : receiver.maximumTurnaround
            let capacity = LineCapacity.bytes(at: rate, maximumTurnaround: turnaround)
            let fillers = receiver.additionalBOFs.count(at: rate)
            let turnaroundBytes = receiver.minimumTurnaround.byteCount(at: rate)
            let fitting = LineCapacity.fit(
                window: receiver.windowSize, dataSize: receiver.dataSize.bytes, additionalBOFs: fillers,
                turnaroundBytes: turnaroundBytes, capacity: capacity)
            // What is sent need not be one of the sizes that can be announced: the largest frame is the one that fills a turn.
            let largest = min(
                receiver.dataSize.bytes,
                LineCapacity.largestFrame(additionalBOFs: fillers, turnaroundBytes: turnaroundBytes, capacity: capacity)
            )
            self.init(
                dataSize: reducingDataSize ? largest : receiver.dataSize.bytes,
                windowSize: receiver.windowSize, capacityWindow: fitting.window,
                additionalBOFs: receiver.additionalBOFs, minimumTurnaround: receiver.minimumTurnaround.duration,
                maximumTurnaround: turnaround.duration, lineCapacity: capacity, turnaroundBytes: turnaroundBytes)
        }
    }

    /// The speed both use.
    public var baudRate: BaudRate
    /// What binds us: the peer's announcement.
    public var transmit: Direction
    /// What binds the peer: our announcement.
    public var receive: Direction
    /// After how long without a valid frame the connection is given up.
    public var disconnectTime: Duration
    /// After how long without a valid frame the user is warned; zero means at once.
    public var thresholdTime: Duration

    /// An outcome from its values.
    public init(
        baudRate: BaudRate, transmit: Direction, receive: Direction, disconnectTime: Duration, thresholdTime: Duration
    ) {
        self.baudRate = baudRate
        self.transmit = transmit
        self.receive = receive
        self.disconnectTime = disconnectTime
        self.thresholdTime = thresholdTime
    }

    /// The outcome of two announcements: the fastest common speed, the longest common disconnect time (without a common one
    /// the defaults 9600 bit/s and 40 s), and the type 1 parameters as announced.
    public static func negotiate(own: NegotiationParameters, peer: NegotiationParameters) -> LinkParameters {
        let common = own.intersecting(peer)
        let rate = common.baudRates.highest ?? .rate9600
        let disconnectTime = common.disconnectTimes.longest ?? .seconds(40)
        return LinkParameters(
            baudRate: rate,
            transmit: Direction(towards: peer, rate: rate, reducingDataSize: true),
            receive: Direction(towards: own, rate: rate, reducingDataSize: false),
            disconnectTime: disconnectTime, thresholdTime: DisconnectTimeSet.threshold(of: disconnectTime))
    }
}
