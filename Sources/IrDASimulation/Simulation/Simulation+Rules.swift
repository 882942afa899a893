public import IrDAProtocol

// Rules of the medium and of single stations, which can come and go at any time.
extension Simulation {
    /// Lets a rule hold from now on.
    @discardableResult
    public mutating func add(_ rule: MediumRule) -> RuleID {
        let id = rules.add(rule)
        if case .interference(let interference) = rule.effect {
            make(.interference(id), at: now.advanced(by: interference.interval))
        }
        return id
    }

    /// Ends a rule.
    public mutating func remove(_ id: RuleID) {
        rules.remove(id)
    }

    /// How often a rule has applied so far; nil if it has ended.
    public func applications(of id: RuleID) -> Int? { rules.applications(of: id) }

    /// Makes a station awkward in one of the ways in which real ones are.
    ///
    /// - Returns: the rules that do it.
    @discardableResult
    public mutating func make(_ station: StationID, _ behaviour: AwkwardBehaviour) -> [RuleID] {
        behaviour.rules(of: station).map { add($0) }
    }

    /// What a station has sent and received since it was switched on.
    public func counters(of station: StationID) -> StationCounters { nodes[station.index].counters }

    /// Puts light on the medium that no stack has asked for, now: a remote control, or a station that talks out of turn.
    public mutating func shine(_ bytes: [UInt8], at rate: BaudRate, from station: StationID) {
        guard !bytes.isEmpty else { return }
        emit(bytes, for: rate.time(forBytes: bytes.count), rate: rate, frame: nil, from: station)
    }

    mutating func interfere(_ id: RuleID) {
        guard let rule = rules.rule(id), case .interference(let interference) = rule.effect, let source = rule.sender
        else { return }
        rules.count(id)
        shine(interference.bytes, at: interference.rate ?? nodes[source.index].rate, from: source)
        make(.interference(id), at: now.advanced(by: interference.interval))
    }
}
