import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Winsock

/// The struct hostent of winsock2.h.
struct HostEntry {
    var name: UnsafeMutablePointer<CChar>?
    var aliases: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var family: Int16
    var addressLength: Int16
    var addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
}

/// gethostbyname: the IPv4 addresses of a name, in memory that is the thread's until it asks for the next.
@c(ws_gethostbyname)
public func hostEntry(_ name: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
    answering(orIfItFails: nil) { winsock throws(SocketError) in
        let operation = "look a host up"
        try winsock.requireRunning(for: operation)
        guard let name else {
            throw SocketError(.WSAEFAULT, operation: operation, reason: "the name is NULL")
        }
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_CANONNAME
        var found: UnsafeMutablePointer<addrinfo>?
        let answer = getaddrinfo(name, nil, &hints, &found)
        let failure = Errno(rawValue: errno)
        defer { if let found { freeaddrinfo(found) } }
        guard answer == 0, let found else {
            throw SocketError(
                WSAErrorCode(lookUp: answer, errno: failure), operation: operation,
                reason: String(cString: gai_strerror(answer)))
        }
        return ThreadHostEntry.keep(found, name: found.pointee.ai_canonname ?? UnsafeMutablePointer(mutating: name))
    }
}

/// The host entry that a thread was given last, in one piece of memory, which goes with the thread.
private enum ThreadHostEntry {
    /// Nil if the process has no thread-specific key left.
    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        return pthread_key_create(&key) { free($0) } == 0 ? key : nil
    }()

    /// Lays the entry out: the entry, the ends of its lists, the addresses, the name.
    static func keep(
        _ found: UnsafeMutablePointer<addrinfo>, name: UnsafeMutablePointer<CChar>
    ) -> UnsafeMutableRawPointer? {
        guard let key else { return nil }
        let addresses = addresses(of: found)
        let nameLength = strlen(name) + 1
        let pointers = addresses.count + 2
        let size = MemoryLayout<HostEntry>.size + pointers * 8 + addresses.count * 4 + nameLength
        guard let memory = calloc(1, size) else { return nil }
        let list = (memory + MemoryLayout<HostEntry>.size).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        let values = UnsafeMutableRawPointer(list + pointers)
        for (index, address) in addresses.enumerated() {
            values.storeBytes(of: address, toByteOffset: index * 4, as: UInt32.self)
            list[index] = values + index * 4
        }
        let text = values + addresses.count * 4
        text.copyMemory(from: name, byteCount: nameLength)
        memory.storeBytes(
            of: HostEntry(
                name: text.assumingMemoryBound(to: CChar.self),
                aliases: UnsafeMutableRawPointer(list + addresses.count + 1)
                    .assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self),
                family: Int16(AF_INET), addressLength: 4, addresses: list), as: HostEntry.self)
        free(pthread_getspecific(key))
        pthread_setspecific(key, memory)
        return memory
    }

    private static func addresses(of found: UnsafeMutablePointer<addrinfo>) -> [UInt32] {
        sequence(first: found, next: { $0.pointee.ai_next }).compactMap { entry in
            guard let address = entry.pointee.ai_addr, Int(entry.pointee.ai_addrlen) >= MemoryLayout<sockaddr_in>.size
            else { return nil }
            return UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        }
    }
}
