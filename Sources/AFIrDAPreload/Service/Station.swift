import Glibc
import IrDAService
import SocketBackends
import Synchronization
import SystemPackage

/// The station whose sockets this process uses: that of the service which the environment chooses, at the first use.
enum Station {
    /// - Throws: the reason why there is none, for IRSOCK_PRELOAD_DEBUG; a program sees EAFNOSUPPORT.
    static func client() throws(SocketError) -> ServiceClient {
        // A service that is not there yet is looked for again.
        if let chosen = chosen.load() { return chosen }
        return chosen.storeIfNil(try ServiceClient(path: ServiceDirectory.standard.chooseSocket()))
    }

    private static let chosen = AtomicLazyReference<ServiceClient>()

    /// A device that was seen less than this long ago counts as being there, as in a kernel's log; the station looks every 3 s. In
    /// milliseconds.
    private static let freshness: UInt32 = 6_000
    /// Who finds nobody looks again: answers collide now and then, and a device that is looking itself does not answer.
    private static let attempts = 3

    /// Whether this process has looked for devices.
    private static let hasLooked = Atomic(false)

    /// The devices in range with one of these hints. Looks for devices if none is known, and the first time: what is known then may be only
    /// who has introduced itself.
    ///
    /// - Throws: EINTR if a signal handler ran meanwhile.
    static func devices(hints: UInt16) throws(Errno) -> [ServiceDevice] {
        let isFirst = !hasLooked.exchange(true, ordering: .relaxed)
        var devices = isFirst ? try discover() : try knownDevices().filter { $0.age < freshness }
        for _ in 0..<attempts where devices.isEmpty { devices = try discover() }
        return devices.filter { hints == 0xFFFF || $0.hints & hints != 0 }
    }

    /// Whether a device is in range, looked for if it is not known already.
    static func hasDevice(_ address: UInt32) throws(Errno) -> Bool {
        var devices = try knownDevices()
        for _ in 0..<attempts where !devices.contains(where: { $0.address == address }) { devices = try discover() }
        return devices.contains { $0.address == address }
    }

    private static func knownDevices() throws(Errno) -> [ServiceDevice] {
        try LinuxError.translating { () throws(SocketError) in try client().knownDevices() }
    }

    /// The medium may be in somebody else's hands: then nothing is found.
    private static func discover() throws(Errno) -> [ServiceDevice] {
        do throws(SocketError) {
            return try client().discover().wait(isInterruptible: true)
        } catch {
            if error.code == .WSAEINTR { throw .interrupted }
            return []
        }
    }

    /// Whether to say on standard error why there is no AF_IRDA.
    static func explain(_ error: SocketError) {
        guard getenv("IRSOCK_PRELOAD_DEBUG") != nil else { return }
        let line = Array("irsock: no AF_IRDA in this program: \(error)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
