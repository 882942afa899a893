import Glibc
import InternetBackend
import SocketBackends
import Synchronization
import SystemPackage

/// Linux, with one system call that fails as often as a test wants it to.
final class FaultySystem: Sendable {
    enum Call: Hashable, Sendable, CaseIterable {
        case socket, bind, listen, accept, connect, send, sendto, recvmsg, shutdown, getsockname, getpeername
        case getsockopt, setsockopt, poll, setFlags
        /// What reading SO_ERROR gives, rather than whether it can be read.
        case pendingError
    }

    private struct Fault {
        var call: Call
        var errno: Errno
        var times: Int
    }

    private let fault = Mutex<Fault?>(nil)

    /// From now on this call fails, this many times.
    func fail(_ call: Call, _ errno: Errno, times: Int = .max) {
        fault.withLock { $0 = Fault(call: call, errno: errno, times: times) }
    }

    /// How often the call is still to fail.
    var timesLeft: Int { fault.withLock { $0?.times ?? 0 } }

    private func isToFail(_ call: Call) -> Bool {
        fault.withLock { fault in fault.map { $0.call == call && $0.times > 0 } ?? false }
    }

    private func next(_ call: Call) -> Errno? {
        fault.withLock { fault in
            guard let current = fault, current.call == call, current.times > 0 else { return nil }
            fault?.times -= 1
            return current.errno
        }
    }

    private func run<Answer: SignedInteger>(_ call: Call, _ real: () -> Answer) -> Answer {
        guard let failure = next(call) else { return real() }
        errno = failure.rawValue
        return -1
    }

    var calls: SystemCalls {
        let linux = SystemCalls()
        var calls = linux
        calls.socket = { a, b, c in self.run(.socket) { linux.socket(a, b, c) } }
        calls.bind = { a, b, c in self.run(.bind) { linux.bind(a, b, c) } }
        calls.listen = { a, b in self.run(.listen) { linux.listen(a, b) } }
        calls.accept = { a, b, c in self.run(.accept) { linux.accept(a, b, c) } }
        calls.connect = { a, b, c in self.run(.connect) { linux.connect(a, b, c) } }
        calls.send = { a, b, c, d in self.run(.send) { linux.send(a, b, c, d) } }
        calls.sendto = { a, b, c, d, e, f in self.run(.sendto) { linux.sendto(a, b, c, d, e, f) } }
        calls.recvmsg = { a, b, c in self.run(.recvmsg) { linux.recvmsg(a, b, c) } }
        calls.shutdown = { a, b in self.run(.shutdown) { linux.shutdown(a, b) } }
        calls.getsockname = { a, b, c in self.run(.getsockname) { linux.getsockname(a, b, c) } }
        calls.getpeername = { a, b, c in self.run(.getpeername) { linux.getpeername(a, b, c) } }
        calls.getsockopt = { a, level, name, value, length in
            if level == SOL_SOCKET, name == SO_ERROR, let error = self.next(.pendingError) {
                value?.storeBytes(of: error.rawValue, as: Int32.self)
                return 0
            }
            return self.run(.getsockopt) { linux.getsockopt(a, level, name, value, length) }
        }
        calls.setsockopt = { a, b, c, d, e in self.run(.setsockopt) { linux.setsockopt(a, b, c, d, e) } }
        calls.poll = { watched, count, patience in
            self.run(.poll) {
                let ready = linux.poll(watched, count, patience)
                // A socket with an error shows it.
                if self.isToFail(.pendingError), ready > 0 { watched[0].revents |= Int16(POLLERR | POLLHUP) }
                return ready
            }
        }
        calls.setFlags = { a, b, c in self.run(.setFlags) { linux.setFlags(a, b, c) } }
        return calls
    }
}
