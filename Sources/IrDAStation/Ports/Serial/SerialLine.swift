import IrDAAdapters
import NIOCore
import SocketBackends

/// Where a port's line comes from: again and again, as it goes and comes back.
protocol SerialLineSource: Sendable {
    /// What people call the port.
    var name: String { get }

    /// Opens the line on an event loop.
    ///
    /// - Parameter handler: takes what comes; added before anything is read.
    /// - Returns: the open line, or a `SocketError`.
    func open(
        on loop: any EventLoop, handler: @escaping @Sendable () -> any ChannelHandler & Sendable
    ) -> EventLoopFuture<SerialLine>
}

/// A line that is open.
struct SerialLine: Sendable {
    /// Carries the bytes.
    let channel: any Channel
    /// Everything that is not bytes.
    let controls: any SerialControls
    /// What a driver must know of it.
    let traits: SerialPortTraits
    /// Whether it has control lines.
    let hasLines: Bool
}

/// What can be done with a serial line besides reading and writing.
protocol SerialControls: Sendable {
    /// Sets both control lines in one request.
    func setLines(_ lines: SerialLines) throws(SocketError)
    /// Sets the speed, in bit/s.
    func setRate(_ rate: Int) throws(SocketError)
    /// Throws away what has come and was not read.
    func discardInput() throws(SocketError)
    /// How many bytes it still holds, at least; 0 when all have left.
    func heldBytes() throws(SocketError) -> Int
    /// What it has counted; nil where it does not count.
    func counters() -> LineCounters?
    /// Lets go of the line; its channel is closed by its owner.
    func close()
}
