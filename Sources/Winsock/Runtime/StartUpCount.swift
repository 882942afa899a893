import SocketBackends

/// How often the runtime was started up, and with what version.
struct StartUpCount: Sendable {
    private var count = 0
    /// The version of the first start-up; it holds for the runtime until the last clean-up (decision D10).
    private(set) var version: WinsockVersion?

    var isRunning: Bool { count > 0 }

    /// Counts a start-up.
    ///
    /// - Throws: WSAVERNOTSUPPORTED for version 0; nothing is counted then.
    mutating func startUp(_ requested: WinsockVersion) throws(SocketError) -> StartupData {
        guard let granted = requested.granted else {
            throw SocketError(
                .WSAVERNOTSUPPORTED, operation: "start up Winsock \(requested)", reason: "there is no such version",
                advice: "Ask for 2.2; 1.0 is the oldest.")
        }
        count += 1
        if version == nil { version = granted }
        return StartupData(version: granted)
    }

    /// Counts a clean-up; true if it was the last one.
    ///
    /// - Throws: WSANOTINITIALISED if no start-up is left.
    mutating func cleanUp() throws(SocketError) -> Bool {
        try requireRunning(for: "clean up")
        count -= 1
        if count == 0 { version = nil }
        return count == 0
    }

    /// Rule R3.
    func requireRunning(for operation: @autoclosure () -> String) throws(SocketError) {
        guard isRunning else {
            throw SocketError(
                .WSANOTINITIALISED, operation: operation(), reason: "Winsock has not been started up",
                advice: "Call startup first.")
        }
    }
}
