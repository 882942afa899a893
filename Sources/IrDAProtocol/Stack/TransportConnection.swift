/// One connection of a stack, from the request on.
struct TransportConnection: Sendable {
    enum Phase: Hashable, Sendable {
        /// The peer is being asked whether it knows exclusive mode.
        case askingForExclusiveMode
        /// The service's selector is being asked for; so many attributes have been tried before.
        case lookingUp(tried: Int)
        /// The Connect waits for its confirm.
        case connecting
        /// The connection is there, and has asked for the link to be its alone.
        case locking
        /// A peer waits for our answer.
        case offered
        case open
        /// Our user has gone; what it has sent still goes out.
        case closing

        /// Whether the LSAP connection under it carries data.
        var carriesData: Bool {
            switch self {
            case .locking, .open, .closing: true
            case .askingForExclusiveMode, .lookingUp, .connecting, .offered: false
            }
        }
    }

    let peer: DeviceAddress
    var phase: Phase
    /// What the connection is opened to; nil where the peer has opened it.
    var target: IrDATarget?
    /// Our LSAP, where it is one of choice.
    var ownSelector: LSAPSelector?
    /// Whether it wants the link to itself.
    var isExclusive = false
    var lsap: LSAPConnectionID?
    /// Ours and the peer's, of that LSAP connection; they are known here when it is over as well.
    var selectors: (local: LSAPSelector, remote: LSAPSelector)?
    var machine: TransportMachine
    /// What we say in our connect request.
    var ownConnectData: [UInt8] = []
    /// What the peer said in its connect request or confirm.
    var connectData: [UInt8] = []
    /// What came before the link was ours alone.
    var early: [TinyTPDelivery] = []
    /// Whether it waits for its turn to send.
    var isInSendOrder = false
    /// What goes out with the Disconnect when the last data has gone.
    var farewell: [UInt8] = []

    init(
        peer: DeviceAddress, phase: Phase, transport: IrDATransport, target: IrDATarget? = nil,
        isExclusive: Bool = false, lsap: LSAPConnectionID? = nil
    ) {
        self.peer = peer
        self.phase = phase
        self.target = target
        self.isExclusive = isExclusive
        self.lsap = lsap
        machine = TransportMachine(transport)
    }

    /// Whether we are waiting for the peer to let us in.
    var isOpening: Bool {
        switch phase {
        case .askingForExclusiveMode, .lookingUp, .connecting, .locking: true
        case .offered, .open, .closing: false
        }
    }
}
