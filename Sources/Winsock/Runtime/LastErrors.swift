import Glibc
import SocketBackends
import SystemPackage

/// The last error of each thread, for one runtime.
///
/// Never errno, which every library function may change.
final class LastErrors: Sendable {
    private let key: pthread_key_t

    /// - Throws: WSAENOBUFS if the process has no thread-specific key left.
    init() throws(SocketError) {
        var key = pthread_key_t()
        let status = pthread_key_create(&key, nil)
        guard status == 0 else {
            throw SocketError(
                .WSAENOBUFS, errno: Errno(rawValue: status), operation: "make a Winsock runtime",
                reason: "the process has no room for another thread-specific value",
                advice: "Use one runtime for the whole program.")
        }
        self.key = key
    }

    deinit {
        pthread_key_delete(key)
    }

    /// The code of the calling thread; the number itself is kept where a pointer usually is.
    var ofThisThread: WSAErrorCode {
        get { WSAErrorCode(rawValue: Int32(truncatingIfNeeded: Int(bitPattern: pthread_getspecific(key)))) }
        set {
            // Can fail only for want of memory, at the first use by a thread; the caller has the error itself, too.
            pthread_setspecific(key, UnsafeRawPointer(bitPattern: Int(newValue.rawValue)))
        }
    }
}
