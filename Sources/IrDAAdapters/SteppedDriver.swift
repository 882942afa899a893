/// A driver that goes on step by step, as far as it can, and asks to be woken for the rest.
protocol SteppedDriver {
    associatedtype Action: WakingAction

    /// The moment that the last `.wake` has named; nil once it has come.
    var nextWake: Duration? { get set }
    /// The next moment at which time itself changes something; nil if none does.
    var wakeMoment: Duration? { get }

    /// Does the next thing; false when there is nothing that can be done before something happens.
    mutating func step(at now: Duration, _ actions: inout [Action]) -> Bool
}

/// What such a driver wants done.
protocol WakingAction {
    /// Wake the driver at this moment.
    static func wake(at moment: Duration) -> Self
}

extension SteppedDriver {
    /// Does what can be done now.
    mutating func advance(at now: Duration) -> [Action] {
        var actions: [Action] = []
        while step(at: now, &actions) {}
        if let moment = wakeMoment, moment != nextWake {
            nextWake = moment
            actions.append(.wake(at: moment))
        }
        return actions
    }
}
