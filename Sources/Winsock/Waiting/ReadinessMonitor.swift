import Glibc
import SocketBackends
import SystemPackage

/// Watches any number of descriptors with one thread, and calls back when one is ready.
///
/// Each registration is good for one call. The cost of a call does not depend on how many descriptors are watched. While a descriptor
/// is watched it stays open, so that its number cannot come to mean another; whoever closes a socket therefore says `forget`.
///
/// The thread ends with the monitor.
final class ReadinessMonitor: Sendable {
    /// What a registration is told, once.
    enum News: Hashable, Sendable {
        /// The descriptor is ready; at least one way was asked for, or it is broken.
        case ready(Readiness)
        /// The socket was closed.
        case closed
    }

    private let watching: Watching
    private let thread: pthread_t

    /// Starts the thread.
    ///
    /// - Throws: WSAEMFILE, WSAENOBUFS or WSAEWOULDBLOCK if the system has no descriptor, memory or thread to spare.
    init() throws(SocketError) {
        let operation = "start the readiness monitor"
        watching = try Watching(for: operation)
        var thread = pthread_t()
        let reference = Unmanaged.passRetained(watching)
        let status = pthread_create(
            &thread, nil,
            { reference in
                if let reference { Unmanaged<Watching>.fromOpaque(reference).takeRetainedValue().run() }
                return nil
            }, reference.toOpaque())
        guard status == 0 else {
            reference.release()
            throw SocketError(Errno(rawValue: status), operation: operation)
        }
        self.thread = thread
    }

    deinit {
        watching.stop()
        if pthread_equal(pthread_self(), thread) != 0 {
            pthread_detach(thread)  // the last reference went inside a callback: the thread ends after it
        } else {
            pthread_join(thread, nil)
        }
    }

    /// Calls `handler` once, on the monitor's thread, when the descriptor is ready in one of these ways or broken, or on the closing thread
    /// when it is forgotten. It must not wait for anything.
    ///
    /// - Throws: WSAENOTSOCK if the descriptor is closed; WSAENOBUFS if the kernel cannot watch more.
    func watch(
        _ descriptor: SharedDescriptor, for readiness: Readiness, handler: @escaping @Sendable (News) -> Void
    ) throws(SocketError) -> WatchRegistration {
        try watching.add(descriptor, readiness, handler)
    }

    /// Takes a registration back; false if its handler has been called, or is about to be.
    @discardableResult
    func cancel(_ registration: WatchRegistration) -> Bool {
        watching.remove(registration)
    }

    /// Tells all who watch the descriptor that it is closed, and lets go of it.
    func forget(_ descriptor: SharedDescriptor) {
        watching.forget(descriptor)
    }
}

/// A registration with a monitor.
struct WatchRegistration: Hashable, Sendable {
    let token: UInt64
    let number: UInt64
}
