/// KingSun SF-620, "Dazzle" or MA-660: seven characters at a time through interrupt endpoints, at 9600 bit/s.
///
/// Facts about adapters, section 11.
public struct SF620: USBAdapter {
    private static let packet = 8

    private let speed: KingSunSpeedRequest?
    private var transfers: ArraySlice<USBTransfer> = []
    private var isChanging = false
    private var isFirstPiece = false
    /// When the first characters of what is being sent were taken.
    public private(set) var lightBegan: Duration?

    /// Describes the adapter.
    ///
    /// - Parameter speed: how to change its speed; nil to leave it at 9600 bit/s.
    public init(speed: KingSunSpeedRequest? = nil) {
        self.speed = speed
    }

    /// 9600 bit/s.
    public var rates: [Int] { KingSunSpeedRequest.rates(speed) }
    /// 1 ms.
    public var minimumTurnaround: Duration { .milliseconds(1) }
    /// Listening may go on always.
    public var isHalfDuplex: Bool { false }
    /// Listening waits by itself.
    public var pollInterval: Duration { .zero }
    /// Interrupt endpoints.
    public var dataPath: USBDataPath { .interrupt }
    /// The request for a speed.
    public var mayFail: Bool { isChanging }
    /// Never.
    public func takesFrames(at rate: Int) -> Bool { false }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        isChanging = false
        isFirstPiece = false
        switch job {
        case .open:
            transfers = [.clearHalts]
            if let speed { transfers.append(speed.transfer(9600)) }
        case .changeRate(let rate): transfers = speed.map { [$0.transfer(rate)] } ?? []
        case .transmit(.characters(let characters)):
            transfers = Self.pieces(characters)[...]
            isFirstPiece = true
        case .transmit(.frame), .finish, .close: transfers = []
        }
        return step()
    }

    /// Each piece is a full packet: F8 and the number of characters, these, and zeros.
    private static func pieces(_ characters: [UInt8]) -> [USBTransfer] {
        stride(from: 0, to: characters.count, by: packet - 1).map { start in
            let piece = characters[start..<min(start + packet - 1, characters.count)]
            let padding = [UInt8](repeating: 0, count: packet - 1 - piece.count)
            return .send([0xF8 + UInt8(piece.count)] + piece + padding, endsShort: false)
        }
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        guard case .done = outcome else {
            guard isChanging, let speed else { return .failed(.refused("send")) }
            return .failed(speed.refusal)
        }
        if isFirstPiece {
            lightBegan = now
            isFirstPiece = false
        }
        transfers = transfers.dropFirst()
        return step()
    }

    private mutating func step() -> USBStep {
        guard let transfer = transfers.first else { return .done }
        if case .controlOut = transfer { isChanging = true } else { isChanging = false }
        return .transfer(transfer)
    }

    /// Up to eight characters as they were on the air.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        bytes.isEmpty ? [] : [.characters(bytes)]
    }
}
