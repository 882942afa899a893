import IrDAAdapters
import SocketBackends

/// A USB adapter that is open. Every call takes its time, and is made on a thread of its own.
protocol USBDevice: Sendable {
    /// The machine for it.
    var adapter: any USBAdapter { get }
    /// Does a transfer, within the limit.
    func perform(_ transfer: USBTransfer, limit: Duration) -> USBOutcome
    /// Reads once; `.timedOut` if nothing came for a moment.
    func read() -> USBOutcome
    /// Gives it back, also to the kernel's driver that it was taken from. No call is under way.
    func close()
}

/// Where an adapter comes from: again and again, as it goes and comes back.
protocol USBDeviceSource: Sendable {
    /// What people call the port.
    var name: String { get }
    /// What it can do as far as is known without opening it.
    var adapter: any USBAdapter { get }
    /// Opens it; takes its time.
    func open() throws(SocketError) -> any USBDevice
}
