import IrDABackend
import IrDAProtocol
import SocketBackends

extension Session {
    /// The device that is meant.
    ///
    /// - Parameters:
    ///   - name: its name or address; nil: the only one in range that says that it can do something.
    ///   - hint: what it says then.
    ///   - ability: the same in words, for people: `exchanges objects`.
    /// - Returns: its address, and what to call it.
    /// - Throws: `Failure` if none or several can be meant.
    func device(
        _ name: String?, hint: ServiceHints, doing ability: String
    ) throws -> (id: IrDADeviceID, name: String) {
        if let name { return (try infraredDevice(named: name), name) }
        let (found, hinted) = try IrDADevice.search(by: discover) { found in
            found.filter { !ServiceHints(rawValue: UInt32($0.hints)).isDisjoint(with: hint) }
        }
        guard !found.isEmpty else { throw Failure("no infrared device is in range.") }
        // The hint is only a hint: a device that is alone is meant, whatever it says.
        let candidates = hinted.isEmpty && found.count == 1 ? found : hinted
        guard let device = candidates.first, candidates.count == 1 else {
            let names = (candidates.isEmpty ? found : candidates).map(\.name).joined(separator: ", ")
            throw Failure(
                candidates.isEmpty
                    ? "no device in range says that it \(ability); choose one of \(names)."
                    : "more than one device in range \(ability); choose one of \(names).")
        }
        return (device.id, device.name)
    }
}
