public import SocketBackends

extension Winsock {
    /// The kinds of sockets that can be made now, in the order in which backends are asked (WSAEnumProtocols).
    ///
    /// - Parameter protocols: only these protocols; nil for all.
    /// - Throws: WSANOTINITIALISED.
    public func enumProtocols(_ protocols: [SocketProtocolNumber]? = nil) throws(SocketError) -> [ProtocolInfo] {
        try recordingFailure { () throws(SocketError) in
            try requireRunning(for: "list the protocols")
            // Numbered before the selection, so that an entry has the same number in every list.
            let entries = registry.catalogue.enumerated().map { number, row in
                (row: row, info: ProtocolInfo(row, entryID: 1001 + UInt32(number)))
            }
            return entries.filter { entry in
                entry.row.availability == .available && protocols?.contains(entry.info.protocolNumber) ?? true
            }.map(\.info)
        }
    }
}
