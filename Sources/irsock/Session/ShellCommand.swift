import CLinux
import Glibc

/// A command that runs against something that this process provides.
struct ShellCommand {
    private let process: pid_t

    /// Starts it, with our environment and standard streams.
    ///
    /// - Throws: `Failure` if there is no process to be had.
    init(_ command: String) throws {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The signals that we hold back are not held back there, and those that we ignore are not ignored.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var ignored = sigset_t()
        sigemptyset(&ignored)
        sigaddset(&ignored, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &ignored)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let texts: [String] = ["/bin/sh", "-c", command]
        var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process = pid_t()
        let status = posix_spawn(&process, "/bin/sh", nil, &attributes, &words, environ)
        guard status == 0 else { throw Failure("cannot run '\(command)': \(String(cString: strerror(status))).") }
        self.process = process
    }

    /// Waits until it ends, and passes signals on to it.
    ///
    /// - Returns: its exit code; 128 and the number of the signal if one has ended it.
    func wait(_ signals: StopSignals) -> Int32 {
        // Not by SIGCHLD: whoever else has children in this process may take it.
        let ending = pidfd_open(process, 0)
        defer { close(ending) }
        while true {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                let signal = status & 0x7F
                return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            }
            // A kernel without pidfds is asked again and again.
            if let number = signals.next(until: ending, orFor: ending < 0 ? 100 : -1) { kill(process, number) }
        }
    }
}
