import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// The event objects of a runtime, and the calls that wait for them.
///
/// An event object is signalled or not, and stays so until it is set or reset (manual reset). All are under one lock, so that a wait
/// for all of several sees them at one moment.
final class EventObjects: Sendable {
    private struct Object: Sendable {
        var isSignalled = false
        var waiting: [ObjectIdentifier: SharedSignal] = [:]
    }

    private let objects = Mutex(HandleTable<EventHandle, Object>())

    /// What a wait is for.
    enum Condition: Hashable, Sendable {
        case any
        case all
    }

    func create() -> EventHandle {
        objects.withLock { $0.insert(Object()) }
    }

    func isOpen(_ handle: EventHandle) -> Bool {
        objects.withLock { $0[handle] != nil }
    }

    /// - Throws: WSA_INVALID_HANDLE.
    func set(_ handle: EventHandle) throws(SocketError) {
        guard setIfOpen(handle) else { throw Self.noEvent(handle, "set \(handle)") }
    }

    /// False if there is no such object (any more).
    @discardableResult
    func setIfOpen(_ handle: EventHandle) -> Bool {
        objects.withLock { objects in
            objects[handle]?.isSignalled = true
            objects[handle]?.waiting.values.forEach { $0.signal.raise() }
            return objects[handle] != nil
        }
    }

    /// - Throws: WSA_INVALID_HANDLE.
    func reset(_ handle: EventHandle) throws(SocketError) {
        let isOpen = objects.withLock { objects in
            objects[handle]?.isSignalled = false
            return objects[handle] != nil
        }
        guard isOpen else { throw Self.noEvent(handle, "reset \(handle)") }
    }

    /// Closes the object; calls that wait for it end with WSA_INVALID_HANDLE.
    ///
    /// - Throws: WSA_INVALID_HANDLE.
    func close(_ handle: EventHandle) throws(SocketError) {
        guard let closed = objects.withLock({ $0.remove(handle) }) else {
            throw Self.noEvent(handle, "close \(handle)")
        }
        for signal in closed.waiting.values { signal.signal.raise() }
    }

    /// Waits; answers the lowest index that is signalled, or nil at the deadline.
    ///
    /// - Throws: WSA_INVALID_HANDLE.
    func wait(
        for handles: [EventHandle], _ condition: Condition, until deadline: ContinuousClock.Instant?,
        _ operation: String
    ) throws(SocketError) -> Int? {
        if let index = try satisfied(handles, condition, operation) { return index }
        if let deadline, deadline <= .now { return nil }
        let signal = try SharedSignal(for: operation)
        let identity = ObjectIdentifier(signal)
        objects.withLock { objects in
            for handle in handles { objects[handle]?.waiting[identity] = signal }
        }
        defer {
            objects.withLock { objects in
                for handle in handles { objects[handle]?.waiting[identity] = nil }
            }
        }
        while true {
            // Again after the entry: what was set in between has raised nothing.
            if let index = try satisfied(handles, condition, operation) { return index }
            let isRaised = try signal.signal.withDescriptor { descriptor throws(SocketError) in
                var watched = [pollfd(descriptor, .readable)]
                return try awaitReadiness(of: &watched, until: deadline, for: operation)
            }
            guard isRaised else { return nil }
            signal.signal.lower()
        }
    }

    private func satisfied(
        _ handles: [EventHandle], _ condition: Condition, _ operation: String
    ) throws(SocketError) -> Int? {
        try objects.withLock { objects throws(SocketError) in
            var signalled: [Int] = []
            for (index, handle) in handles.enumerated() {
                guard let object = objects[handle] else { throw Self.noEvent(handle, operation) }
                if object.isSignalled { signalled.append(index) }
            }
            switch condition {
            case .any: return signalled.first
            case .all: return signalled.count == handles.count ? signalled.first : nil
            }
        }
    }

    private static func noEvent(_ handle: EventHandle, _ operation: String) -> SocketError {
        SocketError(
            .WSA_INVALID_HANDLE, operation: operation, reason: "\(handle) is not an open event object",
            advice: "Was it closed?")
    }
}
