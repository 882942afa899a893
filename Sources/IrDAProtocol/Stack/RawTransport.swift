import DequeModule

/// User data straight over the multiplexer (IrLMP 1.1, 3.3.3.1.1): one PDU a frame, without credit.
///
/// What holds the sender back is the link, which takes few frames at a time. Nothing holds a peer back but IrLAP, and not
/// every peer understands that, so what our user does not take is kept up to a limit.
struct RawTransport: Sendable {
    /// How many PDUs wait for the link before the user has to wait.
    private static let longestQueue = 8
    /// How many received PDUs wait for the user; a sender that goes on beyond it cannot be served.
    static let mostHeld = 1024
    /// With so many the peer is to stop.
    private static let congestion = 32

    private var maximumPayload = 0
    private var outgoing: Deque<[UInt8]> = []
    private(set) var queuedBytes = 0
    private var held = 0

    mutating func peerConnected(maximumPayload: Int) {
        self.maximumPayload = maximumPayload
    }

    var sendRoom: Int { max(0, Self.longestQueue - outgoing.count) * maximumPayload }

    /// Queues bytes as one PDU, or as several if they do not fit one.
    mutating func queue(_ bytes: some Collection<UInt8>) {
        guard maximumPayload > 0 else { return }
        var rest = bytes[...]
        while !rest.isEmpty {
            outgoing.append(Array(rest.prefix(maximumPayload)))
            rest = rest.dropFirst(maximumPayload)
        }
        queuedBytes += bytes.count
    }

    mutating func nextPDU() -> [UInt8]? {
        guard let pdu = outgoing.popFirst() else { return nil }
        queuedBytes -= pdu.count
        return pdu
    }

    /// - Returns: whether there is room for one more.
    mutating func receive() -> Bool {
        guard held < Self.mostHeld else { return false }
        held += 1
        return true
    }

    var isCongested: Bool { held >= Self.congestion }

    mutating func consumed(_ units: Int) {
        held -= min(max(0, units), held)
    }
}
