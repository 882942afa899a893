// Data without a connection (IrLMP 1.1, 3.3.3.1.3) and the Ultra protocols that use it.
extension IrDAStack {
    /// The most bytes that follow the protocol identifier and are sure to be taken: IrLAP's default of 64 bytes, less two
    /// selectors and the identifier.
    public static let safeUltraPayload = 61
    /// The most bytes that may follow the protocol identifier: what Linux takes (facts, 6.6).
    public static let longestUltraPayload = 381

    /// Sends an Ultra packet: to all stations around, or over the link if there is one.
    ///
    /// It is neither acknowledged nor repeated; outside a link one packet goes every 500 ms (IrLAP 1.1, 6.12.5).
    ///
    /// - Parameters:
    ///   - payload: what follows the protocol identifier. For the public protocols it begins with the SAR octet, 00 for a packet
    ///     that is whole; as on Linux that octet is the caller's to write and to read.
    ///   - protocolID: the protocol identifier, 0 to 7F.
    ///   - now: the time.
    /// - Returns: what to do.
    /// - Throws: `IrDASendError`: `noSuchProtocol`, `tooLong`, `noRoom` while others wait, `linkInUse` during a discovery, a change of the link, or
    ///   exclusive mode.
    public mutating func sendUltra(
        _ payload: [UInt8], protocolID: UInt8, at now: IrDAInstant
    ) throws(IrDASendError) -> [IrDAStackAction] {
        guard protocolID & Self.extensionBit == 0 else { throw .noSuchProtocol }
        let limit = linkParameters == nil ? Self.longestUltraPayload : min(Self.longestUltraPayload, maximumPayload - 1)
        if payload.count > limit { throw .tooLong(limit: limit) }
        guard !isDiscovering, let requests = lmp.sendConnectionless([protocolID] + payload) else { throw .linkInUse }
        return try transmitUnitData(requests, at: now)
    }

    private static let extensionBit: UInt8 = 0x80

    /// Data without a connection has come; longer protocol identifiers exist for nobody.
    mutating func connectionlessReceived(_ payload: [UInt8], _ actions: inout [IrDAStackAction]) {
        guard let protocolID = payload.first, protocolID & Self.extensionBit == 0 else { return }
        counters.unitDataReceived += 1
        actions.append(.event(.ultra(protocolID: protocolID, Array(payload.dropFirst()))))
    }

    /// Hands UI frames to IrLAP and tells the caller where there is no room.
    mutating func transmitUnitData(
        _ requests: [IrLMPAction], at now: IrDAInstant
    ) throws(IrDASendError) -> [IrDAStackAction] {
        guard case .sendUnitData(let information) = requests.first else { throw .linkInUse }
        guard let lapActions = lap.sendUnitData(information, at: now) else { throw .noRoom }
        counters.unitDataSent += 1
        return collect(at: now) { stack, actions in stack.perform(lapActions, at: now, &actions) }
    }
}
