import IrDAAdapters
import NIOCore
import SocketBackends
import Synchronization

@testable import IrDAStation

/// A USB adapter whose hardware is modelled, in modelled time; on an event loop, as its port is.
final class ModelledAdapter: Sendable {
    private struct State {
        var bench: USBBench
        var transfer: EventLoopPromise<USBOutcome>?
        var listening: EventLoopPromise<USBOutcome>?
        var alarm: PortAlarm?
        var isPluggedIn = true
    }

    private let state: Mutex<State>
    private let clock: ModelledClock
    private let other = Mutex<@Sendable (AirLight) -> Void>({ _ in })

    private let path: USBDataPath

    init(_ model: any USBAdapterModel, path: USBDataPath = .bulk, clock: ModelledClock) {
        self.path = path
        state = Mutex(State(bench: USBBench(model, path: path)))
        self.clock = clock
    }

    private var now: Duration { clock.time }

    /// What becomes of light that the adapter sends.
    func onLight(_ body: @escaping @Sendable (AirLight) -> Void) { other.withLock { $0 = body } }

    /// Light that will have come in at its end.
    func shine(_ light: AirLight) {
        state.withLock { $0.bench.shine(light) }
        goOn()
    }

    /// Unplugs it when so many more transfers have been done.
    func unplug(after transfers: Int) {
        state.withLock { $0.bench.unplugsAt = $0.bench.log.count + transfers }
    }

    func unplug() {
        state.withLock { state in
            state.isPluggedIn = false
            state.bench.unplug()
        }
        goOn()
    }

    /// Plugs it in again, as it is when it comes from the shop.
    func plugIn(_ model: any USBAdapterModel) {
        let old = state.withLock { state in
            defer { state = State(bench: USBBench(model, path: path)) }
            return state
        }
        old.alarm?.cancel()
        for promise in [old.transfer, old.listening] { promise?.succeed(.gone) }
    }

    var isPluggedIn: Bool { state.withLock { $0.isPluggedIn && !$0.bench.isGone } }
    /// How many transfers there have been since it was plugged in.
    var transferCount: Int { state.withLock { $0.bench.log.count } }

    fileprivate func perform(_ transfer: USBTransfer, _ limit: Duration, _ promise: EventLoopPromise<USBOutcome>) {
        state.withLock { state in
            state.transfer = promise
            state.bench.submit(transfer, limit: limit, at: now)
        }
        goOn()
    }

    fileprivate func listen(_ promise: EventLoopPromise<USBOutcome>) {
        state.withLock { state in
            state.listening = promise
            state.bench.listen(at: now)
        }
        goOn()
    }

    fileprivate func stopListening() {
        state.withLock { $0.bench.stopListening() }
        goOn()
    }

    /// Lets the bench catch up, tells what has happened, and arranges for the next time.
    private func goOn() {
        let now = now
        let (ended, light) = state.withLock { state in
            var ended: [(promise: EventLoopPromise<USBOutcome>?, outcome: USBOutcome)] = []
            for event in state.bench.advance(to: now) {
                switch event {
                case .completed(let outcome): ended.append((state.transfer.take(), outcome))
                case .heard(let outcome): ended.append((state.listening.take(), outcome))
                }
            }
            state.alarm?.cancel()
            state.alarm = state.bench.nextMoment.map { next in
                clock.schedule(at: next) { [weak self] in
                    self?.goOn()
                }
            }
            return (ended, state.bench.takeLight())
        }
        for light in light { other.withLock { $0 }(light) }
        for end in ended { end.promise?.succeed(end.outcome) }
    }
}

/// Opens a modelled adapter.
struct ModelledAdapterSource: USBDeviceSource {
    let model: ModelledAdapter
    let adapter: any USBAdapter
    var name: String { "usb" }

    func open(on loop: any EventLoop) -> EventLoopFuture<any USBDevice> {
        guard model.isPluggedIn else {
            return loop.makeFailedFuture(
                SocketError(.WSAENETDOWN, operation: "open usb", reason: "no USB infrared adapter is plugged in"))
        }
        return loop.makeSucceededFuture(Device(model: model, adapter: adapter, loop: loop))
    }

    private struct Device: USBDevice {
        let model: ModelledAdapter
        let adapter: any USBAdapter
        let loop: any EventLoop

        func perform(_ transfer: USBTransfer, limit: Duration) -> EventLoopFuture<USBOutcome> {
            let promise = loop.makePromise(of: USBOutcome.self)
            model.perform(transfer, limit, promise)
            return promise.futureResult
        }

        func listen() -> EventLoopFuture<USBOutcome> {
            let promise = loop.makePromise(of: USBOutcome.self)
            model.listen(promise)
            return promise.futureResult
        }

        func stopListening() { model.stopListening() }

        func close() -> EventLoopFuture<Void> {
            stopListening()
            return loop.makeSucceededVoidFuture()
        }
    }
}
