public import IrDAProtocol
public import NIOCore
public import SocketBackends

/// A way to infrared light: frames out, frames or characters in, one direction at a time, at one rate for both.
///
/// It lives on one event loop: every call is made there, and every event is reported there. What an adapter makes of a frame is the
/// port's business (the characters of SIR, or a header and a check sequence of 16 or 32 bits), and so is what it needs besides: control
/// lines, latency, the echo of one's own light.
public protocol LightPort: AnyObject, Sendable {
    /// What people call it: `serial:/dev/ttyUSB0`.
    var name: String { get }

    /// Opens the port, at 9600 bit/s, and reports events from then on. Called once, before anything else.
    ///
    /// - Parameters:
    ///   - loop: where the port lives.
    ///   - report: what is told of every event, on the loop.
    /// - Returns: what the port can do, when it can be used; failed with a `SocketError` if it cannot.
    func open(
        on loop: any EventLoop, report: @escaping @Sendable (LightPortEvent) -> Void
    ) -> EventLoopFuture<LightPortCapabilities>

    /// Puts frames on the air; `transmitted` follows when the last bit has left, unless `lost` comes first.
    ///
    /// Nothing else is asked for in between.
    func transmit(_ transmission: LightTransmission)

    /// Sends and receives at this rate from now on; what is transmitted next waits until the port has changed over.
    func setRate(_ rate: BaudRate)

    /// Gives the port back; no event follows.
    func close() -> EventLoopFuture<Void>
}

/// What goes on the air at once.
public struct LightTransmission: Hashable, Sendable {
    /// The frames, back to back; at rates above 115200 bit/s their additional BOFs mean nothing.
    public var frames: [IrLAPTransmission]
    /// How long the peer still needs after its own light; zero for a port that does not keep that time itself.
    public var turnaround: Duration

    /// Describes a transmission.
    public init(_ frames: [IrLAPTransmission], turnaround: Duration = .zero) {
        self.frames = frames
        self.turnaround = turnaround
    }

    /// The characters of all its frames in SIR, BOF to EOF with their escapes.
    var characters: [UInt8] {
        frames.flatMap { SIRFramer.encode($0.frame, additionalBOFs: $0.additionalBOFs) }
    }
}

/// What a port reports.
public enum LightPortEvent: Hashable, Sendable {
    /// Characters of SIR have arrived, in any portions.
    case received([UInt8])
    /// A frame has arrived, with a good check sequence: A, C and information.
    case receivedFrame([UInt8])
    /// The last bit of what was to be transmitted has left.
    case transmitted
    /// The port cannot be used any more: unplugged, or its other end has closed. Transmissions that are under way are lost.
    case lost(SocketError)
    /// It can be used again; it stands at 9600 bit/s, and what it can do now may be something else.
    case back(LightPortCapabilities)
}

/// What a port can do; a station announces no more.
public struct LightPortCapabilities: Hashable, Sendable {
    /// The rates that it has, 9600 among them.
    public var rates: BaudRateSet
    /// How long its receiver, and its host, need after its own light before they hear again.
    public var minimumTurnaround: MinimumTurnaround
    /// The largest I-field that it can hear.
    public var dataSize = DataSize.bytes2048
    /// How many frames in a turn it can hear, 1 to 7.
    public var windowSize = 7
    /// The additional BOFs that its receiver needs.
    public var additionalBOFs = AdditionalBOFs.bofs0
    /// Whether it keeps the peer's minimum turn-around time, when a transmission says it; otherwise the station must.
    public var keepsTurnaround = false

    /// Describes a port that hears all that IrLAP knows.
    public init(rates: BaudRateSet, minimumTurnaround: MinimumTurnaround) {
        self.rates = rates
        self.minimumTurnaround = minimumTurnaround
    }

    /// A stream of bytes without a transceiver: every rate of SIR means the same.
    public static let byteStream = Self(rates: .sir, minimumTurnaround: .ms10)
}

extension NegotiationParameters {
    /// What is left of an announcement behind a port.
    public func limited(to port: LightPortCapabilities) -> NegotiationParameters {
        var limited = self
        limited.baudRates.formIntersection(port.rates.union(.rate9600))
        limited.dataSize = Self.lower(dataSize, port.dataSize)
        limited.windowSize = max(1, min(windowSize, port.windowSize))
        // The longer times and the more fillers; their numbers count down.
        limited.additionalBOFs = Self.lower(additionalBOFs, port.additionalBOFs)
        limited.minimumTurnaround = Self.lower(minimumTurnaround, port.minimumTurnaround)
        return limited
    }

    private static func lower<Value: RawRepresentable<UInt8>>(_ first: Value, _ second: Value) -> Value {
        first.rawValue < second.rawValue ? first : second
    }
}
