import IrDAAdapters
import IrDAProtocol
public import NIOCore
public import SocketBackends
import Synchronization

/// Finds out what is at the end of a port: sets it up as each kind of dongle, sends a frame, and listens.
public struct PortProbe: Sendable {
    /// What was seen of a port with a dongle of one kind.
    public struct Finding: Sendable, Hashable {
        /// The kind.
        public let kind: String
        /// Why it could not be set up; nil if it could.
        public internal(set) var failure: String?
        /// Whether this kind answers commands, so that having been set up proves that it is there.
        public let isProof: Bool
        /// What came back of one's own light, at 9600 bit/s and at the fastest speed.
        public internal(set) var echoes: [Echo] = []
        /// The devices that answered a discovery.
        public internal(set) var devices: [String] = []
        /// Bytes that came with a wrong length: light at another speed. Nil where the port does not count.
        public internal(set) var frameErrors: UInt32?

        /// Whether what was seen can only be if the dongle is of this kind, or of one that works alike.
        public var isFound: Bool {
            failure == nil && (isProof || echoes.last?.state == .whole && echoes.count > 1 || !devices.isEmpty)
        }
    }

    /// What came back of one's own light.
    public struct Echo: Sendable, Hashable, Codable {
        /// The speed in bit/s.
        public let rate: Int
        /// What came.
        public let state: State

        /// What came.
        public enum State: String, Sendable, Hashable, Codable {
            /// Nothing.
            case none
            /// Bytes, and not those that were sent.
            case garbled
            /// What was sent.
            case whole
        }
    }

    private let makePort: @Sendable (any SerialDongle) throws(SocketError) -> DonglePort
    private let clock: any PortClock

    /// How long is listened after a frame; a device answers a discovery within a tenth of a second.
    private static let listeningTime = TimeAmount.milliseconds(300)
    /// How long a transmission may take, changes of speed included.
    private static let patience = TimeAmount.seconds(5)

    /// Describes the probing of a port.
    ///
    /// - Parameters:
    ///   - port: the port.
    ///   - loop: where it will live.
    public init(_ port: PortSpecification, on loop: any EventLoop) {
        self.init(clock: LoopClock(loop: loop)) { dongle throws(SocketError) in
            try port.makePort(dongle, echo: .pass, on: loop)
        }
    }

    init(
        clock: any PortClock, _ makePort: @escaping @Sendable (any SerialDongle) throws(SocketError) -> DonglePort
    ) {
        self.clock = clock
        self.makePort = makePort
    }

    /// Tries one kind of dongle.
    ///
    /// - Parameter kind: the name of a kind, with options.
    /// - Throws: WSAEINVAL if there is no such kind; what keeps the port from being used at all.
    public func finding(for kind: String) async throws(SocketError) -> Finding {
        let dongle: any SerialDongle
        do throws(SerialDongleError) {
            dongle = try SerialDongleKind.dongle(kind)
        } catch {
            throw SocketError(.WSAEINVAL, operation: "probe for \(kind)", reason: error.description)
        }
        let port = try makePort(dongle)
        var finding = Finding(kind: kind, isProof: dongle.answersCommands)
        let listener = Listener()
        do {
            _ = try await port.loop.flatSubmit { port.open(on: port.loop) { listener.take($0) } }.get()
        } catch {
            guard let error = error as? SocketError, port.wasOpen else {
                throw (error as? SocketError)
                    ?? SocketError(.WSAENETDOWN, operation: "open \(port.name)", reason: "\(error)")
            }
            finding.failure = error.reason
            return finding
        }
        let before = try? await port.loop.submit { port.counters() }.get()
        for rate in Set([dongle.discoveryRate, dongle.rates.last ?? dongle.discoveryRate]).sorted() {
            await listen(at: rate, port, listener, &finding)
        }
        if let before = before ?? nil, let after = (try? await port.loop.submit { port.counters() }.get()) ?? nil {
            finding.frameErrors = after.frameErrors &- before.frameErrors
        }
        try? await port.loop.flatSubmit { port.close() }.get()
        return finding
    }

    /// Sends a discovery at a speed, and notes what comes.
    private func listen(at rate: Int, _ port: DonglePort, _ listener: Listener, _ finding: inout Finding) async {
        let question = Discovery.frames.map { LightTransmission([$0]).characters }
        let sent = port.loop.makePromise(of: Void.self)
        listener.begin(expecting: question.count, sent)
        port.loop.execute {
            port.setRate(bitsPerSecond: rate)
            question.forEach { port.transmit(characters: $0) }
        }
        let alarm = clock.schedule(at: clock.now + Self.patience) { sent.succeed() }
        try? await sent.futureResult.get()
        alarm.cancel()
        let silence = port.loop.makePromise(of: Void.self)
        _ = clock.schedule(at: clock.now + Self.listeningTime) { silence.succeed() }
        try? await silence.futureResult.get()
        let heard = listener.bytes
        let state: Echo.State =
            question.allSatisfy { heard.contains($0) } ? .whole : heard.isEmpty ? .none : .garbled
        var deframer = SIRDeframer()
        let frames = deframer.receive(heard).compactMap { event -> [UInt8]? in
            if case .frame(let frame) = event { frame } else { nil }
        }
        let devices = Discovery.answers(in: frames)
        // Who hears an answer and no echo has a dongle that keeps its own light away; the answer is no garbled echo.
        finding.echoes.append(Echo(rate: rate, state: state == .garbled && !devices.isEmpty ? .none : state))
        for device in devices where !finding.devices.contains(device) { finding.devices.append(device) }
    }
}

/// Gathers what a port reports.
private final class Listener: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var expected = 0
        var sent: EventLoopPromise<Void>?
    }

    private let state = Mutex(State())

    func take(_ event: LightPortEvent) {
        let sent = state.withLock { state -> EventLoopPromise<Void>? in
            switch event {
            case .received(let bytes): state.bytes += bytes.prefix(65536 - min(65536, state.bytes.count))
            case .transmitted:
                state.expected -= 1
                return state.expected == 0 ? state.sent : nil
            case .receivedFrame, .lost, .back: break
            }
            return nil
        }
        sent?.succeed()
    }

    /// Begins anew.
    ///
    /// - Parameters:
    ///   - count: how many transmissions are to come.
    ///   - sent: kept when all of them have.
    func begin(expecting count: Int, _ sent: EventLoopPromise<Void>) {
        state.withLock { $0 = State(expected: count, sent: sent) }
    }

    var bytes: [UInt8] { state.withLock { $0.bytes } }
}

extension SerialDongle {
    /// Whether it answers commands, so that it is certain that it is there.
    fileprivate var answersCommands: Bool {
        (change(to: discoveryRate) ?? []).contains { step in
            if case .expect = step { true } else { false }
        }
    }
}

extension [UInt8] {
    /// Whether these bytes occur somewhere, one after the other.
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard count >= other.count else { return false }
        return (0...(count - other.count)).contains { self[$0...].starts(with: other) }
    }
}
