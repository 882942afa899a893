import CLinux
import Glibc
import SocketBackends
import SystemPackage

/// A descriptor that turns readable when one thread wants another to look up from its waiting (an eventfd).
struct Signal: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// - Throws: WSAEMFILE or WSAENOBUFS.
    init(for operation: @autoclosure () -> String) throws(SocketError) {
        let number = try systemCall(for: operation()) { eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)) }
        descriptor = OwnedDescriptor(FileDescriptor(rawValue: number))
    }

    /// The descriptor to poll, for the length of one call.
    borrowing func withDescriptor<Result, Failure: Error>(
        _ body: (FileDescriptor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try descriptor.withDescriptor(body)
    }

    /// Turns the descriptor readable; it stays so until it is lowered.
    borrowing func raise() {
        // Fails only if it is raised already, 2^64 - 2 times.
        descriptor.withDescriptor { _ = eventfd_write($0.rawValue, 1) }
    }

    /// Takes the signal back.
    borrowing func lower() {
        // Fails only if it is not raised.
        var count: eventfd_t = 0
        descriptor.withDescriptor { _ = eventfd_read($0.rawValue, &count) }
    }
}

/// A signal that lives as long as anybody holds it: the one who waits, or one who might raise it.
final class SharedSignal: Sendable {
    let signal: Signal

    init(for operation: @autoclosure () -> String) throws(SocketError) {
        signal = try Signal(for: operation())
    }
}
