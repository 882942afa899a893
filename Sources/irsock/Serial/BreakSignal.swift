import Dispatch
import Glibc
import SocketBackends
import SystemPackage

/// SIGUSR1 as something to wait for with `poll`: programs cannot send a break through a pseudo-terminal, people can by this.
final class BreakSignal {
    private let reading: OwnedDescriptor
    private let writing: Int32

    /// Holds the signal back for this thread and all that it makes from now on; call it before any.
    init() throws(SocketError) {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets, since Swift does not see pipe2.
        try systemCall(for: "wait for signals") {
            socketpair(
                AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends)
        }
        reading = OwnedDescriptor(FileDescriptor(rawValue: ends[0]))
        writing = ends[1]
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGUSR1)
        return signals
    }

    /// Begins to wait for the signal, on a thread that holds back all that this one does.
    func begin() {
        DispatchQueue(label: "break").async { [writing] in
            var signals = Self.signals
            var number: Int32 = 0
            while sigwait(&signals, &number) == 0 {
                var byte: UInt8 = 0
                write(writing, &byte, 1)
            }
        }
    }

    /// The number to wait for.
    var number: Int32 { reading.withDescriptor { $0.rawValue } }

    /// Takes the signals that have come.
    func take() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(number, &buffer, buffer.count) > 0 {}
    }
}
