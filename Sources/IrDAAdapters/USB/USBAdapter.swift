/// A kind of USB infrared adapter: what to send to it for each thing that is wanted of it, step by step.
///
/// A kind knows its device; `USBDriver` does the rest: the order of jobs, listening, time, and the end.
public protocol USBAdapter: Sendable {
    /// Its speeds, in bit/s, slowest first; what it says itself counts once it is open.
    var rates: [Int] { get }
    /// How long its receiver is deaf after its own light.
    var minimumTurnaround: Duration { get }
    /// The most bytes of an I-field that it can hear; what it says itself counts once it is open.
    var dataSize: Int { get }
    /// How many frames in a turn it can hear, 1 to 7; what it says itself counts once it is open.
    var windowSize: Int { get }
    /// How many additional BOFs its receiver needs at 115200 bit/s; what it says itself counts once it is open.
    var additionalBOFs: Int { get }
    /// Whether it keeps the peer's minimum turn-around time itself, when it is told it; otherwise its user must.
    var keepsTurnaround: Bool { get }
    /// Whether listening must end before anything is sent to it.
    var isHalfDuplex: Bool { get }
    /// How long to wait before listening again after nothing came; zero where listening waits by itself.
    var pollInterval: Duration { get }

    /// The way that data take to it and from it.
    var dataPath: USBDataPath { get }
    /// Whether the transfer that it has just asked for may fail: then `next` is told of `.failed`, and the driver goes on.
    var mayFail: Bool { get }
    /// When the light of the last transmission began, where that is while it is still being handed over; nil if light begins when
    /// all has been taken.
    var lightBegan: Duration? { get }

    /// Whether light goes to it as frames at a speed; as characters otherwise.
    func takesFrames(at rate: Int) -> Bool

    /// The light that it makes of what it is given at its present speed, which may have more fillers.
    func asSent(_ light: AdapterLight) -> AdapterLight
    /// Tells it how long the peer still needs after its own light, before the first frame of each transmission.
    ///
    /// Adapters that keep that time send it in a header; to the others it is always zero.
    mutating func keepTurnaround(_ time: Duration)

    /// Begins a job.
    ///
    /// - Returns: the first step.
    mutating func begin(_ job: USBJob, at now: Duration) -> USBStep

    /// Goes on with the job after a step: with how the transfer ended, or with `.done([])` after a wait.
    ///
    /// Outcomes other than `.done` and `.stalled` do not get here, except for `.failed` where it may fail.
    ///
    /// - Returns: the next step.
    mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep

    /// Takes what one listening brought.
    ///
    /// - Returns: the light that it contains, in order.
    mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight]
}

// What most adapters are.
extension USBAdapter {
    /// As much as IrLAP knows.
    public var dataSize: Int { 2048 }
    /// As many as IrLAP knows.
    public var windowSize: Int { 7 }
    /// None.
    public var additionalBOFs: Int { 0 }
    /// It knows nothing of peers.
    public var keepsTurnaround: Bool { false }
    /// Nothing to keep.
    public mutating func keepTurnaround(_ time: Duration) {}
    /// Bulk endpoints, as most have.
    public var dataPath: USBDataPath { .bulk }
    /// No.
    public var mayFail: Bool { false }
    /// When all has been taken.
    public var lightBegan: Duration? { nil }
    /// The same.
    public func asSent(_ light: AdapterLight) -> AdapterLight { light }
}

/// The way that data take to an adapter and from it.
public enum USBDataPath: Hashable, Sendable {
    /// A pair of bulk endpoints.
    case bulk
    /// A pair of interrupt endpoints.
    case interrupt
    /// Control transfers only; this one reads.
    case control(reading: USBSetup)
}

/// Something that is wanted of an adapter.
public enum USBJob: Hashable, Sendable {
    /// Set it up, at 9600 bit/s.
    case open
    /// Change its speed, in bit/s.
    case changeRate(Int)
    /// Send light.
    case transmit(AdapterLight)
    /// Make sure that all light is off; its time is over.
    case finish
    /// Put it to rest.
    case close
}

/// What a job needs next.
public enum USBStep: Hashable, Sendable {
    /// A transfer.
    case transfer(USBTransfer)
    /// Time.
    case wait(Duration)
    /// Nothing: the job is done.
    case done
    /// Nothing more can be done.
    case failed(USBProblem)
}
