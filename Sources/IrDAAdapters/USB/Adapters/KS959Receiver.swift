/// What a KS-959 has heard. Each byte is hidden under a counter, which lives in the adapter: it goes on counting when its host
/// starts anew, and a lost byte shifts it. So the host finds it out, and checks it by every frame (facts about adapters, 12.5).
struct KS959Receiver: Sendable {
    /// A frame of 2048 bytes, all of them escaped.
    private static let mostBytes = 4200
    /// Empty answers after which light is over; one may come within a frame.
    private static let idleAnswers = 3
    /// So many fillers in a row give the counter away.
    private static let tellingFillers = 4

    /// The adapter's counter after the last byte; nil while it is looked for.
    private var counter: UInt8?
    private var check = SIRCheck()
    /// What came since the last good frame, or since light was last over.
    private var raw: [UInt8] = []
    /// While the counter is looked for: what came, by each counter that it may have had before.
    private var candidates = [SIRCheck](repeating: SIRCheck(), count: 256)
    private var idleCount = 0

    /// Takes an answer, which may be empty.
    ///
    /// - Returns: characters as they were on the air. Those before the counter is known come when it is; those under a wrong
    ///   counter come again.
    mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return rest() }
        idleCount = 0
        return bytes.flatMap { receive($0) }
    }

    private mutating func receive(_ byte: UInt8) -> [UInt8] {
        raw.append(byte)
        guard let counter else { return search(byte) }
        let now = counter &+ 1
        self.counter = now
        guard let character = Self.character(byte, under: now) else { return [] }
        if check.take(character) {
            raw = []
        } else if raw.count > Self.mostBytes {
            forget()
        }
        return [character]
    }

    /// Light is over, it seems. If its end was no good frame, either it was damaged or the counter is wrong.
    private mutating func rest() -> [UInt8] {
        idleCount = min(idleCount + 1, Self.idleAnswers)
        guard idleCount == Self.idleAnswers, !raw.isEmpty else { return [] }
        let found = counter == nil ? nil : Self.start(of: raw)
        defer { forget(keepingCounter: found != nil) }
        return found.map { adopt($0) } ?? []
    }

    private mutating func forget(keepingCounter: Bool = false) {
        raw = []
        check = SIRCheck()
        guard !keepingCounter else { return }
        counter = nil
        candidates = [SIRCheck](repeating: SIRCheck(), count: 256)
    }

    // MARK: The counter

    private mutating func search(_ byte: UInt8) -> [UInt8] {
        let count = UInt8(truncatingIfNeeded: raw.count)
        var found: UInt8?
        for start in candidates.indices {
            let now = UInt8(start) &+ count
            if let character = Self.character(byte, under: now), candidates[start].take(character) {
                found = UInt8(start)
            }
        }
        if let start = found ?? startByFillers {
            let characters = adopt(start)
            if found != nil { raw = [] }
            return characters
        }
        if raw.count > Self.mostBytes { forget() }
        return []
    }

    /// The counter before what came, if that ends with fillers.
    private var startByFillers: UInt8? {
        let counters = raw.suffix(Self.tellingFillers).map { $0 ^ 0x55 ^ 0xFF }
        guard counters.count == Self.tellingFillers, let last = counters.last,
            zip(counters, counters.dropFirst()).allSatisfy({ $0 &+ 1 == $1 })
        else { return nil }
        return last &- UInt8(truncatingIfNeeded: raw.count)
    }

    /// Takes a counter for the one before what came.
    ///
    /// - Returns: what came.
    private mutating func adopt(_ start: UInt8) -> [UInt8] {
        check = SIRCheck()
        var now = start
        let characters = raw.compactMap { byte in
            now &+= 1
            return Self.character(byte, under: now)
        }
        for character in characters { _ = check.take(character) }
        counter = now
        return characters
    }

    /// The counter before these bytes under which there is a good frame in them.
    private static func start(of raw: [UInt8]) -> UInt8? {
        (0...UInt8.max).first { start in
            var now = start
            var check = SIRCheck()
            return raw.contains { byte in
                now &+= 1
                return character(byte, under: now).map { check.take($0) } ?? false
            }
        }
    }

    /// A byte without its counter; nil for the one that the adapter puts in when its counter is at 0.
    private static func character(_ byte: UInt8, under counter: UInt8) -> UInt8? {
        counter == 0 ? nil : byte ^ counter ^ 0x55
    }
}

/// Finds good frames of SIR, character by character.
struct SIRCheck: Sendable {
    private static let shortest = 4

    private var register = FrameCheck.begin16
    private var count = 0
    private var isInFrame = false
    private var isEscaped = false

    /// Takes a character.
    ///
    /// - Returns: whether it ends a good frame.
    mutating func take(_ character: UInt8) -> Bool {
        switch character {
        case 0xC0:
            self = SIRCheck()
            isInFrame = true
        case 0xC1:
            guard isInFrame else { return false }
            defer { self = SIRCheck() }
            return !isEscaped && count >= Self.shortest && register == FrameCheck.good16
        case 0x7D where !isEscaped: isEscaped = isInFrame
        default:
            guard isInFrame else { return false }
            register = FrameCheck.step16(register, isEscaped ? character ^ 0x20 : character)
            isEscaped = false
            count += 1
        }
        return false
    }
}
