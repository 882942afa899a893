import Glibc
import IrDAAdapters
import NIOCore
import SocketBackends
import Synchronization

@testable import IrDAStation

/// A USB adapter whose hardware is modelled, in real time.
final class ModelledAdapter: Sendable {
    private struct State {
        var bench: USBBench
        var completed: USBOutcome?
        var heard: USBOutcome?
        var isListening = false
        var isPluggedIn = true
    }

    private let state: Mutex<State>
    private let other = Mutex<@Sendable (AirLight) -> Void>({ _ in })
    /// One clock for all adapters, as they share the light.
    private static let start = ContinuousClock.now

    private let path: USBDataPath

    init(_ model: any USBAdapterModel, path: USBDataPath = .bulk) {
        self.path = path
        state = Mutex(State(bench: USBBench(model, path: path)))
    }

    /// What becomes of light that the adapter sends.
    func onLight(_ body: @escaping @Sendable (AirLight) -> Void) { other.withLock { $0 = body } }

    func shine(_ light: AirLight) { state.withLock { $0.bench.shine(light) } }

    func unplug() {
        state.withLock { state in
            state.isPluggedIn = false
            state.bench.unplug()
        }
    }

    /// Plugs it in again, as it is when it comes from the shop.
    func plugIn(_ model: any USBAdapterModel) {
        state.withLock { $0 = State(bench: USBBench(model, path: path)) }
    }

    var isPluggedIn: Bool { state.withLock { $0.isPluggedIn } }

    fileprivate func submit(_ transfer: USBTransfer, limit: Duration) -> USBOutcome {
        state.withLock { $0.bench.submit(transfer, limit: limit, at: Self.now) }
        while true {
            if let outcome = advance({ $0.completed.take() }) { return outcome }
            usleep(200)
        }
    }

    fileprivate func read() -> USBOutcome {
        state.withLock { state in
            guard !state.isListening else { return }
            state.isListening = true
            state.bench.listen(at: Self.now)
        }
        for _ in 0..<50 {
            if let outcome = advance({ $0.heard.take() }) { return outcome }
            usleep(200)
        }
        return .timedOut
    }

    private func advance(_ take: (inout State) -> USBOutcome?) -> USBOutcome? {
        let (outcome, light) = state.withLock { state in
            for event in state.bench.advance(to: Self.now) {
                switch event {
                case .completed(let outcome): state.completed = outcome
                case .heard(let outcome):
                    state.heard = outcome
                    state.isListening = false
                }
            }
            return (take(&state), state.bench.takeLight())
        }
        for light in light { other.withLock { $0 }(light) }
        return outcome
    }

    private static var now: Duration { ContinuousClock.now - start }
}

/// Opens a modelled adapter.
struct ModelledAdapterSource: USBDeviceSource {
    let model: ModelledAdapter
    let adapter: any USBAdapter
    var name: String { "usb" }

    func open() throws(SocketError) -> any USBDevice {
        guard model.isPluggedIn else {
            throw SocketError(.WSAENETDOWN, operation: "open usb", reason: "no USB infrared adapter is plugged in")
        }
        return Device(model: model, adapter: adapter)
    }

    private struct Device: USBDevice {
        let model: ModelledAdapter
        let adapter: any USBAdapter

        func perform(_ transfer: USBTransfer, limit: Duration) -> USBOutcome { model.submit(transfer, limit: limit) }
        func read() -> USBOutcome { model.read() }
        func close() {}
    }
}
