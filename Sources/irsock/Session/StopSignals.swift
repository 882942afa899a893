import CLinux
import Glibc

/// Ctrl-C, SIGTERM and SIGHUP for commands that run until they are stopped: they are waited for, and everything is put away in order.
struct StopSignals {
    private let signals: sigset_t

    /// Holds the signals back, for this thread and all that it makes from now on; none is lost until `next` asks.
    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        self.signals = signals
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits until the process is told to stop.
    func waitForStop() {
        var signals = signals
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
    }

    /// Waits for the next of them, but no longer than until a descriptor is readable, or so many milliseconds (-1: for ever).
    ///
    /// - Returns: the signal; nil if there was none.
    func next(until descriptor: Int32, orFor patience: Int32) -> Int32? {
        var signals = signals
        let source = signalfd(-1, &signals, Int32(SFD_CLOEXEC))
        defer { close(source) }
        var entries = [
            pollfd(fd: source, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, nfds_t(entries.count), patience) > 0, entries[0].revents & Int16(POLLIN) != 0 else {
            return nil
        }
        var information = signalfd_siginfo()
        guard read(source, &information, MemoryLayout<signalfd_siginfo>.size) > 0 else { return nil }
        return Int32(information.ssi_signo)
    }
}
