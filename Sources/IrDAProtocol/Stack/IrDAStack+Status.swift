/// What a connection is like.
public struct IrDAConnectionInfo: Hashable, Sendable {
    /// How it carries data.
    public var transport: IrDATransport
    /// The device at its other end.
    public var peer: DeviceAddress
    /// Our LSAP-SEL.
    public var localSelector: LSAPSelector
    /// The peer's LSAP-SEL.
    public var peerSelector: LSAPSelector
    /// The most bytes of user data in one PDU: a segment of TinyTP, or a raw PDU.
    public var dataSize: Int
    /// The most bytes of one message to the peer; nil where there are no messages.
    public var maximumSendSize: Int?
    /// The most bytes of one message from the peer; nil where there are no messages.
    public var maximumReceiveSize: Int?
    /// Whether the peer has announced that it puts messages together; one of streams has not.
    public var peerReassembles: Bool
    /// How many bytes wait to be sent.
    public var queuedBytes: Int
    /// How many bytes are in frames that the peer has not acknowledged.
    public var bytesInFrames: Int
    /// What the peer's user said in the connect request or confirm; mostly nothing.
    public var connectData: [UInt8]
}

/// How the link is.
public struct IrDALinkStatus: Hashable, Sendable {
    /// The device at its other end.
    public var peer: DeviceAddress
    /// Which end we are.
    public var role: IrLAPRole
    /// What was negotiated.
    public var parameters: LinkParameters
    /// Since when it has been up.
    public var since: IrDAInstant
    /// Whether the peer has been silent for the threshold time.
    public var isStalled: Bool
    /// Whether data is on its way that the peer has not acknowledged (the status service of IrLMP 1.1, 3.3.2.1.3).
    public var hasUnacknowledgedData: Bool
    /// How many LSAP connections use it, those of the information access service included.
    public var connections: Int
}

/// What a stack has counted since it was switched on.
public struct IrDACounters: Hashable, Sendable {
    /// Discoveries of our own that came to their end.
    public var discoveries = 0
    /// Times that another station introduced itself to us.
    public var passiveDiscoveries = 0
    /// Links that came up.
    public var links = 0
    /// Times that a link was lost: the peer fell silent or broke the protocol.
    public var linksLost = 0
    /// Connections that we tried to open.
    public var connectsAttempted = 0
    /// Of those, how many did not come about.
    public var connectsFailed = 0
    /// Connections that opened, from either end.
    public var connectionsOpened = 0
    /// Data PDUs of connections that were sent, credit alone included.
    public var dataSent = 0
    /// Data PDUs of connections that were received, credit alone included.
    public var dataReceived = 0
    /// UI frames' worth of data that was sent, on connections and without.
    public var unitDataSent = 0
    /// UI frames' worth of data that was received and delivered.
    public var unitDataReceived = 0
    /// Questions that we have asked other information bases.
    public var queriesAsked = 0
    /// Questions to our information base.
    public var queriesServed = 0
    /// Connections that ended since a peer broke the protocol.
    public var protocolErrors = 0
}

extension IrDAStack {
    /// What a connection is like; nil unless it is open, or offered to us.
    public func info(of id: IrDAConnectionID) -> IrDAConnectionInfo? {
        guard let connection = connections[id], connection.phase == .open || connection.phase == .offered,
            let selectors = connection.selectors
        else { return nil }
        let dataSize = segmentSize(for: connection.machine.kind)
        return IrDAConnectionInfo(
            transport: connection.machine.kind, peer: connection.peer, localSelector: selectors.local,
            peerSelector: selectors.remote, dataSize: dataSize, maximumSendSize: connection.machine.sendableMessage,
            maximumReceiveSize: connection.machine.receivableMessage(segmentSize: dataSize),
            peerReassembles: connection.machine.peerReassembles, queuedBytes: connection.machine.queuedBytes,
            bytesInFrames: bytesInFrames(of: connection),
            connectData: connection.connectData)
    }

    /// What is on its way, or waits in IrLAP: only the PDUs themselves tell whose they are.
    func bytesInFrames(of connection: TransportConnection) -> Int {
        guard let selectors = connection.selectors else { return 0 }
        let header = LMPDU.dataHeader + maximumPayload - segmentSize(for: connection.machine.kind)
        return lap.unacknowledged.reduce(0) { sum, pdu in
            guard pdu.count > header, pdu[0] == selectors.remote.rawValue, pdu[1] == selectors.local.rawValue else {
                return sum
            }
            return sum + pdu.count - header
        }
    }

    /// The most bytes of one PDU (IRLMP_SEND_PDU_LEN); nil if the connection is not open.
    public func segmentSize(of id: IrDAConnectionID) -> Int? {
        guard let connection = connections[id], connection.phase == .open else { return nil }
        return segmentSize(for: connection.machine.kind)
    }

    /// What fits one data PDU: the peer's data size less two selectors, and less the TinyTP byte (TinyTP 1.1, 2.2).
    private func segmentSize(for transport: IrDATransport) -> Int {
        switch transport {
        case .stream, .messages: maximumPayload - 1
        case .cooked: maximumPayload - 2
        case .raw: maximumPayload
        }
    }

    /// How the link is; nil without one.
    public var linkStatus: IrDALinkStatus? {
        linkState.map { state in
            IrDALinkStatus(
                peer: state.peer, role: state.role, parameters: state.parameters, since: state.since,
                isStalled: state.isStalled, hasUnacknowledgedData: !lap.isDrained, connections: lmp.connections.count)
        }
    }

    /// What is known of the link while it is up.
    struct LinkState: Sendable {
        let peer: DeviceAddress
        var role: IrLAPRole
        let parameters: LinkParameters
        let since: IrDAInstant
        var isStalled = false
        /// Whether it ends since frames could be mended by a reset only.
        var isResetting = false
    }
}
