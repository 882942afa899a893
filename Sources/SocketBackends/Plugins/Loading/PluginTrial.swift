import CSocketPlugin
import Glibc
import SystemPackage

/// Loads a plug-in in a process of its own first, where it can crash or hang without harm.
///
/// The program is forked for it, and the child does nothing else. A plug-in that goes wrong only later, or only in some programs, is not found
/// so: this is no fence against malice, for which `PluginFile` stands.
enum PluginTrial {
    /// - Parameters:
    ///   - path: the library.
    ///   - patience: how long it may take.
    ///   - operation: for the error.
    /// - Throws: WSAEPROVIDERFAILEDINIT if the plug-in crashes, ends the process or does not come to an end.
    static func run(path: String, patience: Duration, for operation: String) throws(SocketError) {
        let (seconds, attoseconds) = patience.components
        // An hour is as good as for ever.
        let milliseconds = Int32(min(max(seconds, 0), 3600) * 1000 + attoseconds / 1_000_000_000_000_000)
        var trial = irsock_trial()
        var status = irsock_plugin_try(path, milliseconds, &trial)
        // A child that was forked while another thread held one of the runtime's locks waits for it for ever: that is not the plug-in's fault,
        // and does not happen twice.
        if status == 0, trial.is_late != 0 { status = irsock_plugin_try(path, milliseconds, &trial) }
        guard status == 0 else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, errno: Errno(rawValue: status), operation: operation,
                reason: "it cannot be tried out in a process of its own: \(Errno(rawValue: status))")
        }
        guard let reason = trial.reason else { return }
        throw SocketError(
            .WSAEPROVIDERFAILEDINIT, operation: operation, reason: reason,
            advice: "It was tried in a process of its own, and not loaded here.")
    }
}

extension irsock_trial {
    /// What went wrong, as a clause; nil if nothing did.
    fileprivate var reason: String? {
        let place =
            switch stage {
            case Int32(IRSOCK_TRIAL_LOADING): "in a constructor"
            case Int32(IRSOCK_TRIAL_ENTERING): "in its function \(IRSOCK_PLUGIN_ENTRY)"
            default: "in the table that it answers"
            }
        if is_late != 0 { return "it hangs \(place)" }
        if signal != 0 { return "it crashes \(place): \(String(cString: strsignal(signal)))" }
        if stage != Int32(IRSOCK_TRIAL_DONE) { return "it ends the process \(place), with status \(status)" }
        return nil
    }
}
