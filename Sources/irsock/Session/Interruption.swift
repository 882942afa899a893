import Dispatch
import Glibc
import Synchronization

/// Ctrl-C and SIGTERM: the process puts everything away and ends with 128 and the number of the signal.
struct Interruption {
    private let state = State()
    private let signals: sigset_t

    private final class State: Sendable {
        let hasBegun = Atomic(false)
    }

    /// Holds the signals back, for this thread and all that it makes from now on; none is lost until `putAway` is known.
    init() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        self.signals = signals
    }

    /// From now on the signals end the process.
    func begin(puttingAway putAway: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "interruption").async { [state, signals] in
            var signals = signals
            var number: Int32 = 0
            guard sigwait(&signals, &number) == 0 else { return }
            state.hasBegun.store(true, ordering: .sequentiallyConsistent)
            putAway()
            exit(128 + number)
        }
    }

    /// Call when the work is over: if an interruption has ended it, the process ends here, and not as if the work had been done.
    func letFinish() {
        while state.hasBegun.load(ordering: .sequentiallyConsistent) { pause() }
    }
}
