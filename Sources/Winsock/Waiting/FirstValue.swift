import Synchronization

/// A value that one task waits for and several parties offer; the first offer counts.
final class FirstValue<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, Never>)
        case offered(Value)
    }

    private let state = Mutex(State.open)

    /// Offers a value; without effect if there is one already.
    func offer(_ value: Value) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, Never>? in
            switch state {
            case .open:
                state = .offered(value)
                return nil
            case .awaited(let continuation):
                state = .offered(value)
                return continuation
            case .offered:
                return nil
            }
        }
        continuation?.resume(returning: value)
    }

    /// The first value that is offered. For one task, once.
    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let offered = state.withLock { state -> Value? in
                switch state {
                case .open, .awaited:
                    state = .awaited(continuation)
                    return nil
                case .offered(let value):
                    return value
                }
            }
            if let offered { continuation.resume(returning: offered) }
        }
    }
}
