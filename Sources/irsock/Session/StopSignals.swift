import Glibc

/// Ctrl-C, SIGTERM and SIGHUP for commands that run until they are stopped: they are waited for, and everything is put away in order.
struct StopSignals {
    private let signals: sigset_t

    /// Holds the signals back, for this thread and all that it makes from now on; none is lost until `next` asks.
    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGCHLD] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        self.signals = signals
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for the next of them; SIGCHLD is among them.
    func next() -> Int32 {
        var signals = signals
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
        return number
    }

    /// Waits until the process is told to stop.
    func waitForStop() {
        while next() == SIGCHLD {}
    }
}
