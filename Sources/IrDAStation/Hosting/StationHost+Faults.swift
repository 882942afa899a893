import IrDAService
import SocketBackends
import struct SystemPackage.Errno

// Faults of a simulated medium, which come and go while it runs.
extension StationHost {
    /// The faults that are in force.
    var faults: [ServiceFault] {
        get throws(SocketError) { throw notSimulated("list faults") }
    }

    /// Makes something go wrong.
    func addFault(_ text: String) throws(SocketError) { throw notSimulated("add a fault") }

    /// Takes a fault away.
    func removeFault(_ number: UInt32) throws(SocketError) { throw notSimulated("remove a fault") }

    private func notSimulated(_ operation: String) -> SocketError {
        SocketError(
            .WSAEOPNOTSUPP, errno: .notSupported, operation: operation, reason: "the station is on a real port",
            advice: "Use a station of irsock simulate.")
    }
}
