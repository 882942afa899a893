public import CWinsock
import SocketBackends
import Winsock

/// WSAEnumProtocolsA.
@c(WSAEnumProtocolsA)
public func enumProtocolsA(
    _ protocols: UnsafePointer<Int32>?, _ buffer: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    enumProtocols(protocols, buffer, length) { info in
        var entry = WSAPROTOCOL_INFOA()
        info.fill(&entry)
        withUnsafeMutableBytes(of: &entry.szProtocol) { $0.copyBytes(from: terminated(info.name, room: $0.count)) }
        return withUnsafeBytes(of: entry) { Array($0) }
    }
}

/// WSAEnumProtocolsW.
@c(WSAEnumProtocolsW)
public func enumProtocolsW(
    _ protocols: UnsafePointer<Int32>?, _ buffer: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    enumProtocols(protocols, buffer, length) { info in
        var entry = WSAPROTOCOL_INFOW()
        info.fill(&entry)
        withUnsafeMutableBytes(of: &entry.szProtocol) { room in
            let characters = room.bindMemory(to: Int32.self)
            for (index, scalar) in info.name.unicodeScalars.prefix(characters.count - 1).enumerated() {
                characters[index] = Int32(scalar.value)
            }
        }
        return withUnsafeBytes(of: entry) { Array($0) }
    }
}

private func enumProtocols(
    _ protocols: UnsafePointer<Int32>?, _ buffer: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<UInt32>?,
    _ layOut: (ProtocolInfo) -> [UInt8]
) -> Int32 {
    answering(orIfItFails: socketError) { winsock throws(SocketError) in
        let operation = "list the protocols"
        let wanted = try protocols.map { list throws(SocketError) in try zeroTerminated(list, for: operation) }
        let entries = try winsock.enumProtocols(wanted)
        let bytes = entries.flatMap(layOut)
        let room = try UntrustedMemory.value(UInt32.self, at: length, for: operation)
        guard Int(room) >= bytes.count else {
            try UntrustedMemory.write(UInt32(bytes.count), at: length, for: operation)
            throw SocketError(
                .WSAENOBUFS, operation: operation, reason: "a buffer of \(room) bytes is too short",
                advice: "It takes \(bytes.count).")
        }
        try UntrustedMemory.write(bytes, to: buffer, for: operation)
        return Int32(clamping: entries.count)
    }
}

private func zeroTerminated(
    _ list: UnsafePointer<Int32>, for operation: String
) throws(SocketError) -> [SocketProtocolNumber] {
    var numbers: [SocketProtocolNumber] = []
    // Longer than the list of all that there is nobody's list is.
    while numbers.count < 256 {
        let number = try UntrustedMemory.value(Int32.self, at: list + numbers.count, for: operation)
        guard number != 0 else { return numbers }
        numbers.append(SocketProtocolNumber(rawValue: number))
    }
    throw SocketError(
        .WSAEFAULT, operation: operation, reason: "the list of protocols has no end", advice: "End it with 0.")
}

/// What the two forms of WSAPROTOCOL_INFO have in common; C has no other way to say it.
private protocol ProtocolEntry {
    var dwServiceFlags1: DWORD { get set }
    var dwProviderFlags: DWORD { get set }
    var ProviderId: GUID { get set }
    var dwCatalogEntryId: DWORD { get set }
    var ProtocolChain: WSAPROTOCOLCHAIN { get set }
    var iVersion: Int32 { get set }
    var iAddressFamily: Int32 { get set }
    var iMaxSockAddr: Int32 { get set }
    var iMinSockAddr: Int32 { get set }
    var iSocketType: Int32 { get set }
    var iProtocol: Int32 { get set }
    var dwMessageSize: DWORD { get set }
}

extension WSAPROTOCOL_INFOA: ProtocolEntry {}
extension WSAPROTOCOL_INFOW: ProtocolEntry {}

extension ProtocolInfo {
    /// What is 0 in every entry is 0 already: the other service flags, the byte order (big-endian), the security scheme.
    fileprivate func fill(_ entry: inout some ProtocolEntry) {
        entry.dwServiceFlags1 = services.rawValue
        entry.dwProviderFlags = flags.rawValue
        entry.ProviderId = providerID.bytes.withUnsafeBytes { $0.loadUnaligned(as: GUID.self) }
        entry.dwCatalogEntryId = entryID
        entry.ProtocolChain.ChainLen = Int32(chainLength)
        entry.iVersion = Int32(version)
        entry.iAddressFamily = Int32(family.rawValue)
        entry.iMaxSockAddr = Int32(clamping: maximumAddressLength)
        entry.iMinSockAddr = Int32(clamping: minimumAddressLength)
        entry.iSocketType = type.rawValue
        entry.iProtocol = protocolNumber.rawValue
        entry.dwMessageSize = messageSize
    }
}
