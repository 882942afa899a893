import IrDAService
import IrDASimulation
import SocketBackends
import struct SystemPackage.Errno

// Faults of a simulated medium, which come and go while it runs.
extension StationHost {
    /// The faults that are in force.
    var faults: [ServiceFault] {
        get throws(SocketError) {
            try simulation(for: "list faults").faults.map {
                ServiceFault(number: $0.number, rule: $0.fault.description)
            }
        }
    }

    /// Makes something go wrong.
    ///
    /// - Throws: WSAEINVAL if the rule makes no sense, WSAEOPNOTSUPP on a real port.
    func addFault(_ text: String) throws(SocketError) {
        let operation = "add the fault '\(text)'"
        try change(operation, advice: "See irsock fault add --help.") { simulation throws(Fault.Invalid) in
            try simulation.add(Fault(text))
        }
    }

    /// Takes a fault away.
    ///
    /// - Throws: WSAEINVAL if there is no such fault, WSAEOPNOTSUPP on a real port.
    func removeFault(_ number: UInt32) throws(SocketError) {
        let advice = "irsock fault list shows those that there are."
        try change("remove fault \(number)", advice: advice) { simulation throws(Fault.Invalid) in
            try simulation.removeFault(number)
        }
    }

    /// Changes what goes wrong, from this moment on.
    private func change(
        _ operation: String, advice: String, _ body: (inout Simulation) throws(Fault.Invalid) -> Void
    ) throws(SocketError) {
        _ = try simulation(for: operation)
        catchUp()
        var simulation = try simulation(for: operation)
        do throws(Fault.Invalid) {
            try body(&simulation)
        } catch {
            throw SocketError(
                .WSAEINVAL, errno: .invalidArgument, operation: operation, reason: error.description, advice: advice)
        }
        medium = simulation
        tick()
    }

    private func simulation(for operation: String) throws(SocketError) -> Simulation {
        if let simulation = medium as? Simulation { return simulation }
        throw SocketError(
            .WSAEOPNOTSUPP, errno: .notSupported, operation: operation, reason: "the station is on a real port",
            advice: "Use a station of irsock simulate.")
    }
}
