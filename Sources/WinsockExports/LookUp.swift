import CWinsock
import Glibc
import InternetBackend
import SocketBackends
import SystemPackage
import Winsock

/// The struct addrinfo of ws2tcpip.h. It has the members of Linux', with two of them changed round and a longer length.
struct AddressInfo {
    var flags: Int32 = 0
    var family: Int32 = 0
    var type: Int32 = 0
    var protocolNumber: Int32 = 0
    var addressLength = 0
    var canonicalName: UnsafeMutablePointer<CChar>?
    var address: UnsafeMutableRawPointer?
    var next: UnsafeMutablePointer<AddressInfo>?
}

/// getaddrinfo: the code is the result, and the last error, too.
@c(ws_getaddrinfo)
public func addressInfo(
    _ node: UnsafePointer<CChar>?, _ service: UnsafePointer<CChar>?, _ hints: UnsafeRawPointer?,
    _ result: UnsafeMutableRawPointer?
) -> Int32 {
    let outcome = status { winsock throws(SocketError) in
        let operation = "look a name up"
        try winsock.requireRunning(for: operation)
        var wanted =
            try hints.map { hints throws(SocketError) in
                try addrinfo(UntrustedMemory.value(AddressInfo.self, at: hints, for: operation), for: operation)
            } ?? addrinfo()
        var found: UnsafeMutablePointer<addrinfo>?
        let answer = getaddrinfo(node, service, &wanted, &found)
        let failure = Errno(rawValue: errno)
        defer { if let found { freeaddrinfo(found) } }
        guard answer == 0 else {
            throw SocketError(
                WSAErrorCode(lookUp: answer, errno: failure), operation: operation,
                reason: String(cString: gai_strerror(answer)))
        }
        let list = AddressInfo.list(of: found)
        guard list != nil else {
            throw SocketError(.WSANO_DATA, operation: operation, reason: "there is no address of IPv4 or IPv6")
        }
        do throws(SocketError) {
            try UntrustedMemory.write(UInt(bitPattern: list), at: result, for: operation)
        } catch {
            freeAddressInfo(list)
            throw error
        }
    }
    return outcome == 0 ? 0 : lastError()
}

extension addrinfo {
    /// Hints for Linux.
    fileprivate init(_ hints: AddressInfo, for operation: String) throws(SocketError) {
        self.init()
        for (ours, theirs) in Self.flags where hints.flags & ours != 0 { ai_flags |= theirs }
        let known = Self.flags.reduce(0) { $0 | $1.0 }
        guard hints.flags & ~known == 0 else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "a flag of 0x\(String(hints.flags, radix: 16)) is not known")
        }
        if hints.family != 0 {
            guard let version = InternetVersion.allCases.first(where: { Int32($0.family.rawValue) == hints.family })
            else {
                throw SocketError(
                    .WSAEAFNOSUPPORT, operation: operation, reason: "only AF_INET and AF_INET6 have names")
            }
            ai_family = Int32(version.kernelFamily)
        }
        ai_socktype = hints.type
        ai_protocol = hints.protocolNumber
    }

    private static let flags: [(Int32, Int32)] = [
        (0x1, AI_PASSIVE), (0x2, AI_CANONNAME), (0x4, AI_NUMERICHOST), (0x8, AI_NUMERICSERV), (0x100, AI_ALL),
        (0x400, AI_ADDRCONFIG), (0x800, AI_V4MAPPED),
    ]
}

extension AddressInfo {
    /// What Linux has found, in memory that `freeAddressInfo` gives back.
    fileprivate static func list(of found: UnsafeMutablePointer<addrinfo>?) -> UnsafeMutablePointer<AddressInfo>? {
        guard let found else { return nil }
        let rest = list(of: found.pointee.ai_next)
        guard let address = kernelAddress(found.pointee) else { return rest }
        let bytes = address.bytes
        let place = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 8)
        place.copyMemory(from: bytes, byteCount: bytes.count)
        let entry = UnsafeMutablePointer<AddressInfo>.allocate(capacity: 1)
        entry.initialize(
            to: AddressInfo(
                flags: found.pointee.ai_flags, family: Int32(address.family.rawValue), type: found.pointee.ai_socktype,
                protocolNumber: found.pointee.ai_protocol, addressLength: bytes.count,
                canonicalName: found.pointee.ai_canonname.map { strdup($0) }, address: place, next: rest))
        return entry
    }

    /// Nil for families without names, which Linux does not answer.
    private static func kernelAddress(_ found: addrinfo) -> SocketAddress? {
        let version = InternetVersion.allCases.first { Int32($0.kernelFamily) == found.ai_family }
        guard let version, let address = found.ai_addr, Int(found.ai_addrlen) >= version.addressLength else {
            return nil
        }
        let bytes = UnsafeRawBufferPointer(start: address, count: version.addressLength)
        return SocketAddress(family: version.family, payload: bytes.dropFirst(2))
    }
}

/// freeaddrinfo.
@c(ws_freeaddrinfo)
public func freeAddressInfo(_ list: UnsafeMutableRawPointer?) {
    freeAddressInfo(list?.assumingMemoryBound(to: AddressInfo.self))
}

private func freeAddressInfo(_ list: UnsafeMutablePointer<AddressInfo>?) {
    var next = list
    while let entry = next {
        next = entry.pointee.next
        free(entry.pointee.canonicalName)
        entry.pointee.address?.deallocate()
        entry.deallocate()
    }
}

/// getnameinfo: the code is the result, and the last error, too.
@c(ws_getnameinfo)
public func nameInfo(
    _ name: UnsafeRawPointer?, _ length: Int32, _ host: UnsafeMutablePointer<CChar>?, _ hostLength: UInt32,
    _ service: UnsafeMutablePointer<CChar>?, _ serviceLength: UInt32, _ flags: Int32
) -> Int32 {
    let outcome = status { winsock throws(SocketError) in
        let operation = "find the name of an address"
        try winsock.requireRunning(for: operation)
        let address = try SocketAddress(readingFrom: name, length: Int(length))
        guard let version = InternetVersion.allCases.first(where: { $0.family == address.family }) else {
            throw SocketError(.WSAEAFNOSUPPORT, operation: operation, reason: "only AF_INET and AF_INET6 have names")
        }
        guard address.bytes.count >= version.addressLength else {
            throw SocketError(.WSAEFAULT, operation: operation, reason: "the address is too short")
        }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: address.bytes.prefix(version.addressLength)) }
        storage.ss_family = version.kernelFamily
        let translated = [
            (0x01, NI_NOFQDN), (0x02, NI_NUMERICHOST), (0x04, NI_NAMEREQD), (0x08, NI_NUMERICSERV), (0x10, NI_DGRAM),
        ]
        .reduce(Int32(0)) { flags & $1.0 != 0 ? $0 | Int32($1.1) : $0 }
        let answer = withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo(
                    $0, socklen_t(version.addressLength), host, host == nil ? 0 : hostLength, service,
                    service == nil ? 0 : serviceLength, translated)
            }
        }
        guard answer == 0 else {
            throw SocketError(
                WSAErrorCode(lookUp: answer, errno: Errno(rawValue: errno)), operation: operation,
                reason: String(cString: gai_strerror(answer)))
        }
    }
    return outcome == 0 ? 0 : lastError()
}

/// gai_strerrorA: what a code means, in memory that is never given back; there are few of them.
@c(gai_strerrorA)
public func textOfCode(_ code: Int32) -> UnsafeMutablePointer<CChar>? {
    CodeTexts.text(of: WSAErrorCode(rawValue: code))
}

/// gethostname.
@c(ws_gethostname)
public func hostName(_ name: UnsafeMutablePointer<CChar>?, _ length: Int) -> Int32 {
    status { winsock throws(SocketError) in
        let operation = "read the host's name"
        try winsock.requireRunning(for: operation)
        var buffer = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
        try systemCall(for: operation) { gethostname(&buffer, buffer.count) }
        let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) } + [0]
        try UntrustedMemory.write(
            OptionValue(bytes: text).bytes(fitting: max(0, length), for: operation), to: name, for: operation)
    }
}
