import IrDAAdapters
import IrDAProtocol
public import NIOCore
public import SocketBackends
import Synchronization

/// Tries out a USB adapter: sets it up, sends a discovery at each of its speeds, listens, and writes down every step.
public struct USBProbe: Sendable {
    /// What was seen.
    public struct Finding: Sendable, Hashable {
        /// Why it cannot be used; nil if it can.
        public internal(set) var failure: String?
        /// What the adapter says that it can do, in bit/s; empty if it never came so far.
        public internal(set) var rates: [Int] = []
        /// The speeds at which it has sent, in bit/s.
        public internal(set) var sentAt: [Int] = []
        /// The devices that answered, at 9600 bit/s.
        public internal(set) var devices: [String] = []
        /// Every step.
        public internal(set) var steps: [USBProbeStep] = []
    }

    private let source: any USBDeviceSource
    private let loop: any EventLoop
    private let clock: any PortClock

    /// How long is listened after a discovery; a device answers within a tenth of a second.
    private static let listeningTime = TimeAmount.milliseconds(300)
    /// How long a transmission may take, the change of speed before it included.
    private static let patience = TimeAmount.seconds(10)

    /// Describes the trial of an adapter.
    ///
    /// - Parameters:
    ///   - place: the kernel's name for where it is plugged in.
    ///   - loop: where its port will live.
    /// - Throws: why it cannot even be tried: no libusb, or no driver for it.
    public init(place: String, on loop: any EventLoop) throws(SocketError) {
        self.init(
            try LibUSBSource(place: place, name: "usb:\(place)"), on: loop, clock: LoopClock(loop: loop))
    }

    init(_ source: any USBDeviceSource, on loop: any EventLoop, clock: any PortClock) {
        self.source = source
        self.loop = loop
        self.clock = clock
    }

    /// The version of libusb that is used, as `1.0.26`; nil if there is none.
    public static var libraryVersion: String? { (try? LibUSB())?.versionText }

    /// Tries the adapter out.
    public func run() async -> Finding {
        let recorder = USBRecorder(clock)
        let port = USBPort(RecordedUSBSource(source: source, recorder: recorder), on: loop, clock: clock)
        let ear = Ear()
        var finding = Finding()
        do {
            let capabilities = try await loop.flatSubmit { port.open(on: loop) { ear.take($0) } }.get()
            finding.rates = capabilities.rates.rates.map(\.bitsPerSecond)
            for rate in capabilities.rates.rates where finding.failure == nil {
                await send(at: rate, port, ear, &finding)
            }
        } catch {
            finding.failure = (error as? SocketError)?.reason ?? "\(error)"
        }
        try? await loop.flatSubmit { port.close() }.get()
        finding.steps = recorder.steps
        return finding
    }

    /// Sends a discovery at a speed; where devices listen their answers are waited for.
    private func send(at rate: BaudRate, _ port: USBPort, _ ear: Ear, _ finding: inout Finding) async {
        let sent = loop.makePromise(of: Void.self)
        ear.begin(sent)
        let frames = Discovery.frames
        loop.execute {
            port.setRate(rate)
            port.transmit(LightTransmission(frames))
        }
        let alarm = clock.schedule(at: clock.now + Self.patience) { sent.succeed() }
        try? await sent.futureResult.get()
        alarm.cancel()
        if let failure = ear.failure {
            finding.failure = failure
        } else if !ear.hasSent {
            finding.failure = "nothing was sent at \(rate) bit/s within \(Self.patience.nanoseconds / 1_000_000_000) s"
        } else {
            finding.sentAt.append(rate.bitsPerSecond)
            guard rate == .rate9600 else { return }
            let silence = loop.makePromise(of: Void.self)
            _ = clock.schedule(at: clock.now + Self.listeningTime) { silence.succeed() }
            try? await silence.futureResult.get()
            finding.devices = Discovery.answers(in: ear.frames)
        }
    }
}

/// Gathers what a port reports.
private final class Ear: Sendable {
    private struct State {
        var deframer = SIRDeframer()
        var frames: [[UInt8]] = []
        var hasSent = false
        var failure: String?
        var sent: EventLoopPromise<Void>?

        mutating func note(_ frame: [UInt8]) {
            if frames.count < Ear.mostFrames { frames.append(frame) }
        }
    }

    private let state = Mutex(State())
    private static let mostFrames = 100

    func begin(_ sent: EventLoopPromise<Void>) { state.withLock { $0 = State(sent: sent) } }

    func take(_ event: LightPortEvent) {
        let sent = state.withLock { state -> EventLoopPromise<Void>? in
            switch event {
            case .received(let characters):
                for case .frame(let frame) in state.deframer.receive(characters) { state.note(frame) }
                return nil
            case .receivedFrame(let frame):
                state.note(frame)
                return nil
            case .transmitted: state.hasSent = true
            case .lost(let error): state.failure = error.reason
            case .back: return nil
            }
            return state.sent
        }
        sent?.succeed()
    }

    var frames: [[UInt8]] { state.withLock { $0.frames } }
    var hasSent: Bool { state.withLock { $0.hasSent } }
    var failure: String? { state.withLock { $0.failure } }
}
