public import IrDAProtocol
public import NIOCore
public import SocketBackends

/// A way to bare infrared light: bytes out, bytes in, one direction at a time, at one rate for both.
///
/// It lives on one event loop: every call is made there, and every event is reported there. A port carries the characters of
/// SIR frames as they are, BOF to EOF with their escapes; framing is the station's business, and what an adapter needs besides
/// (control lines, latency, the echo of one's own light) is the port's.
public protocol LightPort: AnyObject, Sendable {
    /// What people call it: `serial:/dev/ttyUSB0`.
    var name: String { get }
    /// What it can do; a station announces no more.
    var capabilities: LightPortCapabilities { get }

    /// Opens the port, at 9600 bit/s, and reports events from then on. Called once, before anything else.
    ///
    /// - Parameters:
    ///   - loop: where the port lives.
    ///   - report: what is told of every event, on the loop.
    /// - Returns: done when the port can be used, or failed with a `SocketError` if it cannot.
    func open(on loop: any EventLoop, report: @escaping @Sendable (LightPortEvent) -> Void) -> EventLoopFuture<Void>

    /// Puts bytes on the air; `transmitted` follows when the last bit has left, unless `lost` comes first.
    ///
    /// Nothing else is asked for in between.
    func transmit(_ bytes: [UInt8])

    /// Sends and receives at this rate from now on; what is transmitted next waits until the port has changed over.
    func setRate(_ rate: BaudRate)

    /// Gives the port back; no event follows.
    func close() -> EventLoopFuture<Void>
}

/// What a port reports.
public enum LightPortEvent: Hashable, Sendable {
    /// Bytes have arrived, in any portions.
    case received([UInt8])
    /// The last bit of what was to be transmitted has left.
    case transmitted
    /// The port cannot be used any more: unplugged, or its other end has closed. Transmissions that are under way are lost.
    case lost(SocketError)
    /// It can be used again; it stands at 9600 bit/s.
    case back
}

/// What a port can do.
public struct LightPortCapabilities: Hashable, Sendable {
    /// The rates that it has, 9600 among them.
    public var rates: BaudRateSet
    /// How long its receiver needs after its own light before it hears again.
    public var minimumTurnaround: MinimumTurnaround

    /// Describes a port.
    public init(rates: BaudRateSet, minimumTurnaround: MinimumTurnaround) {
        self.rates = rates
        self.minimumTurnaround = minimumTurnaround
    }

    /// A stream of bytes without a transceiver: every rate of SIR means the same.
    public static let byteStream = Self(rates: .sir, minimumTurnaround: .ms1)
}
