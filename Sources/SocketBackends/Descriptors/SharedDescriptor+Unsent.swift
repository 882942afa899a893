import Glibc
import SystemPackage

extension SharedDescriptor {
    /// The bytes that were written to a socket and that the kernel has not handed over (AF_UNIX), or not seen acknowledged (TCP): SIOCOUTQ.
    ///
    /// - Throws: WSAENOTSOCK if it is closed; WSAEOPNOTSUPP and the like if this kind of descriptor does not tell.
    public func unsentCount() throws(SocketError) -> Int {
        let operation = "count what is on its way"
        return try withDescriptor(for: operation) { descriptor throws(SocketError) in
            var count: Int32 = 0
            try systemCall(for: operation) { ioctl(descriptor.rawValue, UInt(TIOCOUTQ), &count) }
            return Int(count)
        }
    }
}
