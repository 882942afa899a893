import SocketBackends

/// The system of a backend, which all its sockets share.
final class SharedSystemCalls: Sendable {
    let calls: SystemCalls
    let chosenPorts = ChosenPorts()

    init(_ calls: SystemCalls) {
        self.calls = calls
    }
}
