/// A fault that is in force.
public struct ActiveFault: Hashable, Sendable {
    /// Its number, for removal; numbers are not used again.
    public let number: UInt32
    /// What it is.
    public let fault: Fault
    let rules: [RuleID]
}

// Faults, which come and go while the simulation runs.
extension Simulation {
    /// The most faults at a time.
    public static let mostFaults = 64

    /// Makes something go wrong from now on.
    ///
    /// - Returns: its number.
    /// - Throws: `Fault.Invalid` if there is no such station, or too many faults are in force.
    @discardableResult
    public mutating func add(_ fault: Fault) throws(Fault.Invalid) -> UInt32 {
        guard faults.count < Self.mostFaults else {
            throw Fault.Invalid(description: "there are \(Self.mostFaults) faults already; remove some")
        }
        let rules = try fault.rules(in: self).map { add($0) }
        lastFault += 1
        faults.append(ActiveFault(number: lastFault, fault: fault, rules: rules))
        return lastFault
    }

    /// Takes a fault away.
    ///
    /// - Throws: `Fault.Invalid` if there is none of this number.
    public mutating func removeFault(_ number: UInt32) throws(Fault.Invalid) {
        guard let index = faults.firstIndex(where: { $0.number == number }) else {
            throw Fault.Invalid(description: "there is no such fault")
        }
        for rule in faults.remove(at: index).rules { remove(rule) }
    }
}
