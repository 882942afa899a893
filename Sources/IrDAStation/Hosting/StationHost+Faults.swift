import IrDAProtocol
import IrDAService
import IrDASimulation
import SocketBackends
import struct SystemPackage.Errno

/// A fault that is in force, and the rules of the medium that make it.
struct ActiveFault: Sendable {
    let number: UInt32
    let text: String
    let rules: [RuleID]
}

// Faults of a simulated medium, which come and go while it runs.
extension StationHost {
    /// The faults that are in force.
    var faults: [ServiceFault] {
        get throws(SocketError) {
            _ = try simulation(for: "list faults")
            return activeFaults.map { ServiceFault(number: $0.number, rule: $0.text) }
        }
    }

    /// Makes something go wrong.
    ///
    /// - Throws: WSAEINVAL if the rule makes no sense, WSAEOPNOTSUPP on a real port, WSAENOBUFS if there are too many.
    func addFault(_ text: String) throws(SocketError) {
        let operation = "add the fault '\(text)'"
        var simulation = try simulation(for: operation)
        guard activeFaults.count < Self.mostFaults else {
            throw SocketError(
                .WSAENOBUFS, errno: .noBufferSpace, operation: operation,
                reason: "there are \(Self.mostFaults) faults already", advice: "Remove some.")
        }
        let fault = try FaultRule(text, operation: operation) { name in
            simulation.stations.first { simulation.stack(of: $0).isCalled(name) }
        }
        catchUp()
        simulation = try self.simulation(for: operation)
        let rules = fault.rules.map { simulation.add($0) }
        medium = simulation
        lastFault += 1
        activeFaults.append(ActiveFault(number: lastFault, text: text, rules: rules))
        tick()
    }

    /// Takes a fault away.
    ///
    /// - Throws: WSAEINVAL if there is no such fault, WSAEOPNOTSUPP on a real port.
    func removeFault(_ number: UInt32) throws(SocketError) {
        let operation = "remove fault \(number)"
        _ = try simulation(for: operation)
        guard let index = activeFaults.firstIndex(where: { $0.number == number }) else {
            throw SocketError(
                .WSAEINVAL, errno: .invalidArgument, operation: operation, reason: "there is no such fault",
                advice: "irsock fault list shows those that there are.")
        }
        catchUp()
        var simulation = try simulation(for: operation)
        for rule in activeFaults.remove(at: index).rules { simulation.remove(rule) }
        medium = simulation
        tick()
    }

    private static let mostFaults = 64

    private func simulation(for operation: String) throws(SocketError) -> Simulation {
        if let simulation = medium as? Simulation { return simulation }
        throw SocketError(
            .WSAEOPNOTSUPP, errno: .notSupported, operation: operation, reason: "the station is on a real port",
            advice: "Use a station of irsock simulate.")
    }
}

extension IrDAStack {
    /// Whether people mean this station by a name or an address.
    fileprivate func isCalled(_ text: String) -> Bool {
        name.lowercased() == text.lowercased() || "\(address)".lowercased() == text.lowercased()
    }
}
