/// KingSun KS-959: everything goes by control transfers, hidden under a key, at 9600 bit/s.
///
/// Facts about adapters, section 12.
public struct KS959: USBAdapter {
    /// How it is read.
    private static let reading = USBSetup(0xA1, 0x01, value: 0x0200, length: 2048)
    private static let longestPiece = 240
    /// Something may still be there from before.
    private static let mostDrains = 10

    private let speed: KingSunSpeedRequest?
    private var transfers: ArraySlice<USBTransfer> = []
    private var drainsLeft = 0
    private var isChanging = false
    private var isFirstPiece = false
    private var receiver = KS959Receiver()
    /// When the first part of what is being sent was taken.
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
    /// It answers at once, mostly with nothing.
    public var pollInterval: Duration { .milliseconds(5) }
    /// Control transfers; its endpoint is for show.
    public var dataPath: USBDataPath { .control(reading: Self.reading) }
    /// The request for a speed.
    public var mayFail: Bool { isChanging }
    /// Never.
    public func takesFrames(at rate: Int) -> Bool { false }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        isFirstPiece = false
        drainsLeft = 0
        transfers = []
        switch job {
        case .open:
            transfers = speed.map { [$0.transfer(9600)] } ?? []
            drainsLeft = Self.mostDrains
            receiver = KS959Receiver()
        case .changeRate(let rate): transfers = speed.map { [$0.transfer(rate)] } ?? []
        case .transmit(.characters(let characters)):
            transfers = Self.pieces(characters)[...]
            isFirstPiece = true
        case .transmit(.frame), .finish, .close: break
        }
        isChanging = !isFirstPiece && !transfers.isEmpty
        return step()
    }

    private static func pieces(_ characters: [UInt8]) -> [USBTransfer] {
        stride(from: 0, to: characters.count, by: longestPiece).map { start in
            let piece = Array(characters[start..<min(start + longestPiece, characters.count)])
            let hidden = KS959Key.hide(piece)
            return .controlOut(
                USBSetup(0x21, 0x09, value: UInt16(piece.count), length: UInt16(hidden.count)), hidden)
        }
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        guard case .done(let bytes) = outcome else {
            guard isChanging, let speed else { return .failed(.refused("be read, or send")) }
            return .failed(speed.refusal)
        }
        isChanging = false
        if isFirstPiece {
            lightBegan = now
            isFirstPiece = false
        }
        if transfers.isEmpty {
            drainsLeft = bytes.isEmpty ? 0 : drainsLeft - 1
        } else {
            transfers.removeFirst()
        }
        return step()
    }

    private func step() -> USBStep {
        if let transfer = transfers.first { return .transfer(transfer) }
        return drainsLeft > 0 ? .transfer(.control(Self.reading)) : .done
    }

    /// Any number of characters, hidden.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        let characters = receiver.receive(bytes)
        return characters.isEmpty ? [] : [.characters(characters)]
    }
}

/// How characters to a KS-959 are hidden.
enum KS959Key {
    private static let key = Array("wangshuofei19710".utf8)

    /// The mask of a piece of so many characters.
    static func mask(_ count: Int) -> UInt8 { key[(count & 0x0F) ^ 0x06] ^ 0x55 }

    /// How many bytes a piece of so many characters takes.
    static func paddedLength(_ count: Int) -> Int { ((count + 7) & ~7) + 16 }

    static func hide(_ piece: [UInt8]) -> [UInt8] {
        let mask = mask(piece.count)
        return piece.map { $0 ^ mask } + [UInt8](repeating: 0, count: paddedLength(piece.count) - piece.count)
    }
}
