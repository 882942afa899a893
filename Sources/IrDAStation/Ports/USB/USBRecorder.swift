import IrDAAdapters
import NIOCore
import Synchronization

/// One thing that was done to an adapter, and what came of it.
public struct USBProbeStep: Hashable, Sendable, Codable {
    /// When it ended, in milliseconds since the probe began.
    public let milliseconds: Double
    /// What was done, as `control 40 0E D724 0000`.
    public let what: String
    /// What came of it.
    public let outcome: String
}

/// Writes down what is done to an adapter.
///
/// Of light it keeps only how many bytes came: they may be the words of somebody else's device.
final class USBRecorder: Sendable {
    private struct State {
        var steps: [USBProbeStep] = []
        var left = 0
        /// How often the last step has been repeated.
        var repetitions = 0

        /// Notes that something else has come.
        mutating func endRepetitions() {
            if repetitions > 0, let last = steps.popLast() {
                steps.append(
                    USBProbeStep(
                        milliseconds: last.milliseconds, what: last.what,
                        outcome: "\(last.outcome), and \(repetitions) times more"))
            }
            repetitions = 0
        }
    }

    private let clock: any PortClock
    private let start: NIODeadline
    private let state = Mutex(State())

    /// Enough for setting up and some changes of speed; an adapter that never answers makes no endless report.
    private static let mostSteps = 1000
    private static let mostBytes = 32

    init(_ clock: any PortClock) {
        self.clock = clock
        start = clock.now
    }

    /// What has been written down.
    var steps: [USBProbeStep] {
        state.withLock { state in
            state.endRepetitions()
            guard state.left > 0 else { return state.steps }
            let moment = state.steps.last?.milliseconds ?? 0
            return state.steps + [
                USBProbeStep(milliseconds: moment, what: "more", outcome: "\(state.left) steps left out")
            ]
        }
    }

    func note(_ what: String, _ outcome: String) {
        let passed = Double((clock.now - start).nanoseconds / 10_000) / 100
        state.withLock { state in
            // Some adapters say the same again and again as long as there is nothing new.
            if let last = state.steps.last, last.what == what, last.outcome == outcome {
                state.repetitions += 1
                return
            }
            state.endRepetitions()
            if state.steps.count < Self.mostSteps {
                state.steps.append(USBProbeStep(milliseconds: passed, what: what, outcome: outcome))
            } else {
                state.left += 1
            }
        }
    }

    func note(_ transfer: USBTransfer, _ outcome: USBOutcome) {
        note(Self.words(transfer), Self.words(outcome) { " \($0.prefix(Self.mostBytes).hexadecimal)" })
    }

    func noteListening(_ outcome: USBOutcome) {
        // Most adapters say nothing most of the time.
        if outcome == .done([]) { return }
        note("listen", Self.words(outcome) { " \($0.count) bytes" })
    }

    private static func words(_ transfer: USBTransfer) -> String {
        switch transfer {
        case .control(let setup): return "\(words(setup)) length \(setup.length)"
        case .controlOut(let setup, let bytes):
            return "\(words(setup)) with \(bytes.count) bytes: \(bytes.prefix(mostBytes).hexadecimal)"
        case .send(let bytes, _):
            return "send \(bytes.count) bytes: \(bytes.prefix(mostBytes).hexadecimal)"
        case .clearHalts: return "clear halts"
        }
    }

    private static func words(_ setup: USBSetup) -> String {
        "control \([setup.requestType, setup.request].hexadecimal) \(word(setup.value)) \(word(setup.index))"
    }

    private static func word(_ word: UInt16) -> String {
        [UInt8(word >> 8), UInt8(truncatingIfNeeded: word)].hexadecimal.filter { $0 != " " }
    }

    private static func words(_ outcome: USBOutcome, _ bytes: ([UInt8]) -> String) -> String {
        switch outcome {
        case .done(let content): "done" + (content.isEmpty ? "" : bytes(content))
        case .stalled: "stalled"
        case .timedOut: "timed out"
        case .cancelled: "called off"
        case .failed: "failed"
        case .gone: "gone"
        }
    }
}

/// Opens an adapter whose transfers are written down.
struct RecordedUSBSource: USBDeviceSource {
    let source: any USBDeviceSource
    let recorder: USBRecorder
    var name: String { source.name }

    func open(on loop: any EventLoop) -> EventLoopFuture<any USBDevice> {
        source.open(on: loop).map { [recorder] in Device(device: $0, recorder: recorder) }
    }

    private struct Device: USBDevice {
        let device: any USBDevice
        let recorder: USBRecorder
        var adapter: any USBAdapter { device.adapter }

        func perform(_ transfer: USBTransfer, limit: Duration) -> EventLoopFuture<USBOutcome> {
            device.perform(transfer, limit: limit).map { [recorder] outcome in
                recorder.note(transfer, outcome)
                return outcome
            }
        }

        func listen() -> EventLoopFuture<USBOutcome> {
            device.listen().map { [recorder] outcome in
                recorder.noteListening(outcome)
                return outcome
            }
        }

        func stopListening() { device.stopListening() }
        func close() -> EventLoopFuture<Void> { device.close() }
    }
}
