import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// The event objects of a runtime, and the calls that wait for them.
///
/// An event object is signalled or not, and stays so until it is set or reset (manual reset). All are under one lock, so that a wait
/// for all of several sees them at one moment.
final class EventObjects: Sendable {
    private struct State {
        /// Whether each is signalled.
        var objects = HandleTable<EventHandle, Bool>()
        /// The calls that wait for one.
        var waiting: [EventHandle: [ObjectIdentifier: SharedSignal]] = [:]

        func wake(_ handle: EventHandle) {
            waiting[handle]?.values.forEach { $0.signal.raise() }
        }
    }

    private let state = Mutex(State())

    /// What a wait is for.
    enum Condition: Hashable, Sendable {
        case any
        case all
    }

    func create() -> EventHandle {
        state.withLock { $0.objects.insert(false) }
    }

    func isOpen(_ handle: EventHandle) -> Bool {
        state.withLock { $0.objects[handle] != nil }
    }

    /// - Throws: WSA_INVALID_HANDLE.
    func set(_ handle: EventHandle) throws(SocketError) {
        guard setIfOpen(handle) else { throw Self.noEvent(handle, "set \(handle)") }
    }

    /// False if there is no such object (any more).
    @discardableResult
    func setIfOpen(_ handle: EventHandle) -> Bool {
        state.withLock { state in
            state.objects[handle] = true
            state.wake(handle)
            return state.objects[handle] != nil
        }
    }

    /// - Throws: WSA_INVALID_HANDLE.
    func reset(_ handle: EventHandle) throws(SocketError) {
        let isOpen = state.withLock { state in
            state.objects[handle] = false
            return state.objects[handle] != nil
        }
        guard isOpen else { throw Self.noEvent(handle, "reset \(handle)") }
    }

    /// Closes the object; calls that wait for it end with WSA_INVALID_HANDLE.
    ///
    /// - Throws: WSA_INVALID_HANDLE.
    func close(_ handle: EventHandle) throws(SocketError) {
        let wasOpen = state.withLock { state in
            state.wake(handle)
            return state.objects.remove(handle) != nil
        }
        guard wasOpen else { throw Self.noEvent(handle, "close \(handle)") }
    }

    /// Waits; answers the lowest index that is signalled, or nil at the deadline.
    ///
    /// - Throws: WSA_INVALID_HANDLE.
    func wait(
        for handles: [EventHandle], _ condition: Condition, until deadline: ContinuousClock.Instant?,
        _ operation: @autoclosure () -> String
    ) throws(SocketError) -> Int? {
        if let index = try satisfied(handles, condition, operation()) { return index }
        if let deadline, deadline <= .now { return nil }
        let signal = try SharedSignal(for: operation())
        let identity = ObjectIdentifier(signal)
        state.withLock { state in
            for handle in handles { state.waiting[handle, default: [:]][identity] = signal }
        }
        defer {
            state.withLock { state in
                for handle in handles {
                    state.waiting[handle]?[identity] = nil
                    if state.waiting[handle]?.isEmpty == true { state.waiting[handle] = nil }
                }
            }
        }
        while true {
            // Again after the entry: what was set in between has raised nothing.
            if let index = try satisfied(handles, condition, operation()) { return index }
            let isRaised = try signal.signal.withDescriptor { descriptor throws(SocketError) in
                var watched = [pollfd(descriptor, .readable)]
                return try awaitReadiness(of: &watched, until: deadline, for: operation())
            }
            guard isRaised else { return nil }
            signal.signal.lower()
        }
    }

    private func satisfied(
        _ handles: [EventHandle], _ condition: Condition, _ operation: @autoclosure () -> String
    ) throws(SocketError) -> Int? {
        try state.withLock { state throws(SocketError) in
            var first: Int?
            var areAllSignalled = true
            for (index, handle) in handles.enumerated() {
                guard let isSignalled = state.objects[handle] else { throw Self.noEvent(handle, operation()) }
                if !isSignalled {
                    areAllSignalled = false
                } else if first == nil {
                    first = index
                }
            }
            switch condition {
            case .any: return first
            case .all: return areAllSignalled ? first : nil
            }
        }
    }

    private static func noEvent(_ handle: EventHandle, _ operation: String) -> SocketError {
        SocketError(
            .WSA_INVALID_HANDLE, operation: operation, reason: "\(handle) is not an open event object",
            advice: "Was it closed?")
    }
}
