import IrDAProtocol

/// What the rules do to a frame before it leaves.
struct SendingFate: Sendable {
    var frame: IrLAPFrame?
    var delay = Duration.zero
    /// After how many characters the light goes out.
    var length: Int?
    var strayBytes: [UInt8] = []
}

/// What the rules do to a light before it is received.
struct ReceivingFate: Sendable {
    var isDropped = false
    var flippedBits = 0
    var sunlight = 0.0
    var rewrite: MediumRule.Rewriting?
}

/// The rules in force, in their order.
struct RuleBook: Sendable {
    private struct Entry: Sendable {
        let id: RuleID
        let rule: MediumRule
        var passed = 0
        var applied = 0
    }

    private var entries: [Entry] = []
    private var lastNumber: UInt64 = 0
    var generator = SeededGenerator(seed: 0)

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(_ rule: MediumRule) -> RuleID {
        lastNumber += 1
        let id = RuleID(number: lastNumber)
        entries.append(Entry(id: id, rule: rule))
        return id
    }

    mutating func remove(_ id: RuleID) {
        entries.removeAll { $0.id == id }
    }

    func rule(_ id: RuleID) -> MediumRule? { entries.first { $0.id == id }?.rule }

    func applications(of id: RuleID) -> Int? { entries.first { $0.id == id }?.applied }

    mutating func count(_ id: RuleID) {
        if let index = entries.firstIndex(where: { $0.id == id }) { entries[index].applied += 1 }
    }

    mutating func fate(of frame: IrLAPFrame, from sender: StationID) -> SendingFate {
        var fate = SendingFate(frame: frame)
        for index in entries.indices {
            let rule = entries[index].rule
            guard rule.isAboutSending, rule.sender ?? sender == sender, let current = fate.frame,
                applies(index, to: current)
            else { continue }
            switch rule.effect {
            case .say(let rewrite): fate.frame = rewrite(current)
            case .delay(let delay): fate.delay += delay
            case .cutShort(let characters): fate.length = min(fate.length ?? .max, max(1, characters))
            case .stray(let bytes): fate.strayBytes += bytes
            case .drop, .corrupt, .hear, .sunlight, .deaf, .interference: break
            }
        }
        return fate
    }

    /// - Parameters:
    ///   - frame: the frame in the light; nil for other light, which rules about all frames are about too.
    ///   - sinceOwnLight: how long before the light the receiver's own went out; nil if it never was on.
    mutating func fate(
        of frame: IrLAPFrame?, from sender: StationID, at receiver: StationID, sinceOwnLight: Duration?
    ) -> ReceivingFate {
        var fate = ReceivingFate()
        for index in entries.indices {
            let rule = entries[index].rule
            guard rule.isAboutReceiving, rule.sender ?? sender == sender, rule.receiver ?? receiver == receiver else {
                continue
            }
            if case .deaf(let time) = rule.effect {
                guard let sinceOwnLight, sinceOwnLight < time else { continue }
            }
            guard applies(index, to: frame) else { continue }
            switch rule.effect {
            case .drop, .deaf: fate.isDropped = true
            case .corrupt(let bits): fate.flippedBits += bits
            case .sunlight(let rate): fate.sunlight = max(fate.sunlight, rate)
            case .hear(let rewrite):
                let before = fate.rewrite
                fate.rewrite = { frame in
                    guard let frame = before.map({ $0(frame) }) ?? frame else { return nil }
                    return rule.frames.contains(frame) ? rewrite(frame) : frame
                }
            case .delay, .cutShort, .say, .stray, .interference: break
            }
        }
        return fate
    }

    private mutating func applies(_ index: Int, to frame: IrLAPFrame?) -> Bool {
        let rule = entries[index].rule
        if let frame, !rule.frames.contains(frame) { return false }
        guard entries[index].applied < rule.limit ?? .max else { return false }
        entries[index].passed += 1
        guard entries[index].passed > rule.skipping else { return false }
        guard rule.probability >= 1 || Double.random(in: 0..<1, using: &generator) < rule.probability else {
            return false
        }
        entries[index].applied += 1
        return true
    }
}

extension MediumRule {
    fileprivate var isAboutSending: Bool {
        switch effect {
        case .say, .delay, .cutShort, .stray: true
        case .drop, .corrupt, .hear, .sunlight, .deaf, .interference: false
        }
    }

    fileprivate var isAboutReceiving: Bool {
        switch effect {
        case .drop, .corrupt, .hear, .sunlight, .deaf: true
        case .say, .delay, .cutShort, .stray, .interference: false
        }
    }
}
