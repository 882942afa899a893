/// A connection in which we give the turns.
struct PrimaryLink: Sendable {
    /// Where the turn is.
    enum Phase: Sendable {
        /// It is ours as soon as the peer can hear again (entering XMIT).
        case turnaround
        /// It is ours, and there is nothing to say (XMIT with the P-timer running).
        case idle
        /// It is the peer's until it sets F (NRM).
        case waiting
    }

    /// What goes on beside the transfer of data.
    enum Procedure: Hashable, Sendable {
        /// XMIT and NRM.
        case transfer
        /// The layer above decides whether the link is reset (RESET_WAIT, RESET_CHECK).
        case decidingOnReset
        /// A reset SNRM waits for its UA (RESET).
        case resetting(attempts: Int)
        /// XCHG was sent, or is about to be: the peer becomes the primary (XWAIT).
        case handingOver
    }

    /// What a turn is for.
    enum Intent: Hashable, Sendable {
        /// Data, or a poll if there is none.
        case data
        /// RR or RNR, whatever is queued.
        case poll
        /// DXCHG: the peer may not become the primary.
        case denyExchange
    }

    var common: Link
    var phase = Phase.turnaround
    var procedure = Procedure.transfer
    /// The first frame at the new speed is RR, since it is the one most easily lost (6.11.3.2).
    var intent = Intent.poll
    /// F-timer expiries in a row.
    var unansweredPolls = 0
    /// Polls in a row in which neither side had data.
    var idlePolls = 0
    /// DISCs sent.
    var disconnects = 0
    /// Whether the F-timer was prolonged for a frame that was still coming in.
    var isProlonged = false

    init(common: Link) {
        self.common = common
    }

    var isClosing: Bool {
        get { common.closing != nil }
        set { common.closing = newValue ? common.closing ?? .requested : nil }
    }

    /// Whether new data may go out at once.
    var mayTransmitNow: Bool { phase == .idle && procedure == .transfer }
}
