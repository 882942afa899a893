/// A serial port with a model of a dongle at its end, in whatever time it is told: the wire, the UART, and what goes wrong with them.
///
/// The port's side is what a real port offers; the light's side is what another device sees and shines.
public struct SerialBench: Sendable {
    /// The bad sides of a port.
    public struct Faults: Sendable {
        /// How many bytes are still unsent when the port says that it holds none.
        public var hiddenBytes = 0
        /// How long a change of the lines takes.
        public var lineLatency = Duration.zero
        /// Bytes out of nowhere after each change of the host's speed.
        public var garbageAfterChange = 0
        /// Whether the dongle sees its own light.
        public var echoes = false
        /// How many bytes of such an echo are lost at the start of each transmission.
        public var missingEcho = 0
        /// Whether bytes take time on the wire; on a pseudo-terminal they do not.
        public var hasWire = true

        /// A port without faults.
        public init() {}
    }

    /// What the port tells its owner.
    public enum Event: Hashable, Sendable {
        /// Bytes have come.
        case received([UInt8])
        /// The port says that it holds nothing.
        case drained
    }

    /// A byte of light.
    public struct Light: Hashable, Sendable {
        /// When it ended.
        public let moment: Duration
        /// What it is.
        public let byte: UInt8
        /// Its speed in bit/s.
        public let rate: Int
    }

    /// The dongle.
    public private(set) var model: any SerialDongleModel
    /// The light that the dongle has sent.
    public private(set) var light: [Light] = []
    /// All pairs of levels that the dongle has seen.
    public private(set) var lineLog: [SerialLines] = []
    /// Bytes that came at another speed than they were read at.
    public private(set) var frameErrors = 0
    /// The host's speed in bit/s.
    public private(set) var hostRate = 9600

    private let faults: Faults
    private var outgoing: [UInt8] = []
    private var headEnd: Duration?
    private var pendingLines: [(moment: Duration, lines: SerialLines)] = []
    private var incoming: [(moment: Duration, byte: UInt8)] = []
    private var owesDrained = false
    private var echoToLose: Int

    /// A port whose dongle is in the state that the model starts in.
    public init(_ model: any SerialDongleModel, faults: Faults = Faults()) {
        self.model = model
        self.faults = faults
        echoToLose = faults.missingEcho
    }

    // MARK: The port's side

    /// Changes the lines.
    public mutating func setLines(_ lines: SerialLines, at now: Duration) {
        pendingLines.append((now + faults.lineLatency, lines))
    }

    /// Changes the host's speed.
    public mutating func setHostRate(_ rate: Int, at now: Duration) {
        hostRate = rate
        for _ in 0..<faults.garbageAfterChange { arrive(0, at: now) }
    }

    /// Writes bytes.
    public mutating func write(_ bytes: [UInt8], at now: Duration) {
        if outgoing.isEmpty { echoToLose = faults.missingEcho }
        outgoing += bytes
        owesDrained = true
        if headEnd == nil, !outgoing.isEmpty { headEnd = now + byteTime }
    }

    /// Throws away what has come and was not reported.
    public mutating func discardInput(at now: Duration) {
        incoming.removeAll { $0.moment <= now }
    }

    /// How many bytes the port says that it still has to send.
    public var heldBytes: Int { max(0, outgoing.count - faults.hiddenBytes) }

    private var byteTime: Duration { faults.hasWire ? .characters(1, at: hostRate) : .zero }

    // MARK: The light's side

    /// Shines at the dongle.
    public mutating func shine(_ bytes: [UInt8], rate: Int, at now: Duration) {
        for (index, byte) in bytes.enumerated() {
            let moment = now + (faults.hasWire ? .characters(index + 1, at: rate) : .zero)
            hear(byte, lightRate: rate, at: moment)
        }
    }

    /// Takes the light that was sent since it was last taken.
    public mutating func takeLight() -> [Light] {
        defer { light = [] }
        return light
    }

    private mutating func hear(_ byte: UInt8, lightRate: Int, at now: Duration) {
        guard model.hearsLight(at: now), let rate = model.rate(at: now) else { return }
        let dongleRate = model.followsHost ? hostRate : rate
        tellHost(garble(byte, from: lightRate, to: dongleRate), rate: dongleRate, at: now)
    }

    private mutating func tellHost(_ bytes: [UInt8], rate: Int, at now: Duration) {
        for byte in bytes {
            for understood in garble(byte, from: rate, to: hostRate) { arrive(understood, at: now) }
        }
    }

    private mutating func arrive(_ byte: UInt8, at moment: Duration) {
        let place = incoming.lastIndex { $0.moment <= moment }.map { $0 + 1 } ?? 0
        incoming.insert((moment, byte), at: place)
    }

    /// What a reader at one speed makes of a byte sent at another.
    private mutating func garble(_ byte: UInt8, from sender: Int, to reader: Int) -> [UInt8] {
        guard sender != reader else { return [byte] }
        frameErrors += 1
        let reversed = (0..<8).reduce(UInt8(0)) { $0 << 1 | (byte >> $1) & 1 }
        let wrong = reversed ^ 0x5A == byte ? ~byte : reversed ^ 0x5A
        if reader >= 2 * sender { return [wrong, 0] }
        if sender >= 2 * reader, frameErrors % 2 == 0 { return [] }
        return [wrong]
    }

    // MARK: Time

    /// The next moment at which something happens by itself.
    public var nextMoment: Duration? {
        [headEnd, pendingLines.first?.moment, incoming.first?.moment, isDrainedNow ? .zero : nil].compactMap { $0 }
            .min()
    }

    private var isDrainedNow: Bool { owesDrained && outgoing.count <= faults.hiddenBytes }

    /// Lets time pass.
    ///
    /// - Returns: what the port tells its owner meanwhile.
    public mutating func advance(to now: Duration) -> [Event] {
        while true {
            let line = pendingLines.first?.moment ?? .seconds(1 << 40)
            let byte = headEnd ?? .seconds(1 << 40)
            if byte <= line, byte <= now {
                finishByte(at: byte)
            } else if line <= now {
                let change = pendingLines.removeFirst()
                lineLog.append(change.lines)
                model.set(change.lines, at: change.moment)
            } else {
                break
            }
        }
        var events: [Event] = []
        if isDrainedNow {
            owesDrained = false
            events.append(.drained)
        }
        let heard = incoming.prefix { $0.moment <= now }.map(\.byte)
        incoming.removeFirst(heard.count)
        if !heard.isEmpty { events.append(.received(heard)) }
        return events
    }

    private mutating func finishByte(at moment: Duration) {
        let byte = outgoing.removeFirst()
        headEnd = outgoing.isEmpty ? nil : moment + byteTime
        guard let rate = model.rate(at: moment) else { return }
        let dongleRate = model.followsHost ? hostRate : rate
        for understood in garble(byte, from: hostRate, to: dongleRate) {
            switch model.receive(understood, at: moment) {
            case nil: break
            case .answer(let answer, let delay):
                // The dongle talks at the speed that it had when the byte came.
                tellHost([answer], rate: dongleRate, at: moment + delay)
            case .light(let lit):
                light.append(Light(moment: moment, byte: lit, rate: dongleRate))
                guard faults.echoes else { continue }
                if echoToLose > 0 {
                    echoToLose -= 1
                } else {
                    hear(lit, lightRate: dongleRate, at: moment)
                }
            }
        }
    }
}
