import IrDAAdapters
import NIOCore
import NIOPosix
import Synchronization

/// A USB adapter whose calls take their time, as those of libusb do.
protocol BlockingUSBDevice: Sendable {
    /// The machine for it.
    var adapter: any USBAdapter { get }
    /// Does a transfer, within the limit.
    func perform(_ transfer: USBTransfer, limit: Duration) -> USBOutcome
    /// Reads once; `.timedOut` if nothing came for a moment.
    func read() -> USBOutcome
    /// Gives it back. No call is under way.
    func close()
}

/// Makes the calls of such an adapter on threads: one for each direction.
final class ThreadedUSBDevice: USBDevice {
    private let device: any BlockingUSBDevice
    private let loop: any EventLoop
    private let threads = NIOThreadPool(numberOfThreads: 2)
    private let state: NIOLoopBoundBox<State>

    private struct State {
        /// Calls that are under way.
        var calls = 0
        var reading: Reading?
        var closing: EventLoopPromise<Void>?
    }

    /// A reading that can be called off from another thread.
    private final class Reading: Sendable {
        let isOff = Atomic(false)
    }

    init(_ device: any BlockingUSBDevice, on loop: any EventLoop) {
        self.device = device
        self.loop = loop
        state = .makeBoxSendingValue(State(), eventLoop: loop)
        threads.start()
    }

    var adapter: any USBAdapter { device.adapter }

    func perform(_ transfer: USBTransfer, limit: Duration) -> EventLoopFuture<USBOutcome> {
        call { [device] in device.perform(transfer, limit: limit) }
    }

    func listen() -> EventLoopFuture<USBOutcome> {
        let reading = Reading()
        state.value.reading = reading
        return call { [device] in
            while true {
                let outcome = device.read()
                guard outcome == .timedOut else { return outcome }
                if reading.isOff.load(ordering: .relaxed) { return .cancelled }
            }
        }
    }

    func stopListening() {
        state.value.reading?.isOff.store(true, ordering: .relaxed)
    }

    private func call(_ body: @escaping @Sendable () -> USBOutcome) -> EventLoopFuture<USBOutcome> {
        // After the end nothing is begun: the device is somebody else's again.
        guard state.value.closing == nil else { return loop.makeSucceededFuture(.gone) }
        state.value.calls += 1
        return threads.runIfActive(eventLoop: loop, body).map { [self] outcome in
            state.value.calls -= 1
            giveBackWhenQuiet()
            return outcome
        }
    }

    func close() -> EventLoopFuture<Void> {
        stopListening()
        if let closing = state.value.closing { return closing.futureResult }
        let promise = loop.makePromise(of: Void.self)
        state.value.closing = promise
        giveBackWhenQuiet()
        return promise.futureResult
    }

    private func giveBackWhenQuiet() {
        guard let closing = state.value.closing, state.value.calls == 0 else { return }
        threads.runIfActive(eventLoop: loop) { [device] in device.close() }.whenComplete { [threads] _ in
            threads.shutdownGracefully { _ in closing.succeed() }
        }
    }
}
