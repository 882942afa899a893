import IrDAAdapters
import NIOCore
import SocketBackends

/// A USB adapter that is open. Calls are made on its port's event loop, and what they bring comes there.
protocol USBDevice: Sendable {
    /// The machine for it.
    var adapter: any USBAdapter { get }
    /// Does a transfer, within the limit.
    func perform(_ transfer: USBTransfer, limit: Duration) -> EventLoopFuture<USBOutcome>
    /// Reads until something comes.
    func listen() -> EventLoopFuture<USBOutcome>
    /// Calls the reading off; what `listen` has promised comes nevertheless, `.cancelled` if nothing has come before.
    func stopListening()
    /// Gives it back, also to the kernel's driver that it was taken from, when no call is under way any more.
    func close() -> EventLoopFuture<Void>
}

/// Where an adapter comes from: again and again, as it goes and comes back.
protocol USBDeviceSource: Sendable {
    /// What people call the port.
    var name: String { get }
    /// Opens it; fails with a `SocketError`.
    func open(on loop: any EventLoop) -> EventLoopFuture<any USBDevice>
}
