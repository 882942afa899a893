import IrDAProtocol
package import IrDASimulation

extension Traffic {
    /// Sends random bytes from the first end, then from the second, then half as many from both at once.
    ///
    /// - Returns: what is wrong with what has arrived; nil if all of it is right.
    package mutating func exchange(
        _ size: Int, between first: End, and second: End, seed: UInt64, in simulation: inout Simulation
    ) -> String? {
        var generator = SeededGenerator(seed: seed)
        let outbound = generator.randomBytes(size)
        let inbound = generator.randomBytes(size)
        let crossing = generator.randomBytes(size / 2)
        func arrived(_ end: End, _ traffic: Traffic) -> Int { traffic.received[end]?.count ?? 0 }

        send(outbound, from: first, in: &simulation)
        _ = run(&simulation) { arrived(second, $0) >= size || !$0.ended.isEmpty }
        guard received[second] == outbound else { return "from the first: \(arrived(second, self)) bytes of \(size)" }

        send(inbound, from: second, in: &simulation)
        _ = run(&simulation) { arrived(first, $0) >= size || !$0.ended.isEmpty }
        guard received[first] == inbound else { return "from the second: \(arrived(first, self)) bytes of \(size)" }

        send(crossing, from: first, in: &simulation)
        send(crossing, from: second, in: &simulation)
        let whole = size + crossing.count
        _ = run(&simulation) {
            arrived(first, $0) >= whole && arrived(second, $0) >= whole || !$0.ended.isEmpty
        }
        guard received[second] == outbound + crossing, received[first] == inbound + crossing else {
            return "from both: \(arrived(first, self)) and \(arrived(second, self)) bytes of \(whole)"
        }
        return ended.isEmpty ? nil : "an end: \(ended.values)"
    }
}
