/// A connection in which we speak when polled.
struct SecondaryLink: Sendable {
    /// What goes out when the turn is ours.
    enum Answer: Sendable {
        /// Data if there is any, else RR.
        case data
        /// RR or RNR, whatever is queued.
        case supervisory
        case test([UInt8])
        case frameReject(FRMRField)
        case acknowledgeReset
        case acknowledgeDisconnect
        /// UA once more: the first has not arrived.
        case acknowledgeSetup(ConnectionOffer)
    }

    /// How far the link is that we have agreed to, as long as the primary has not polled: it may be that it never heard our UA, so
    /// we wait in both places in turns.
    enum Opening: Sendable {
        /// At the speed of the link.
        case awaitingPoll(ConnectionOffer)
        /// At 9600 bit/s again: if the UA was lost, the primary repeats its SNRM there.
        case awaitingRequest(ConnectionOffer)

        var offer: ConnectionOffer {
            switch self {
            case .awaitingPoll(let offer), .awaitingRequest(let offer): offer
            }
        }
    }

    /// What goes on beside the transfer of data.
    enum Procedure: Hashable, Sendable {
        /// NRM and XMIT.
        case transfer
        /// A frame with an impossible Nr came without P: the next poll is answered by FRMR (ERROR).
        case rejecting(FRMRField)
        /// The primary wants a reset; the layer above decides (RESET_CHECK).
        case decidingOnReset
        /// RNRM asks the primary for a reset (RESET once it has been sent).
        case resetting(isSent: Bool)
        /// RXCHG was sent so often, or is about to be: we want to be the primary (RXWAIT).
        case askingForRole(attempts: Int)
        /// XCHG came, and our first command as primary waits for its answer (XWAIT).
        case takingOver
    }

    var common: Link
    var answer = Answer.data
    var procedure = Procedure.transfer
    /// Nil once the primary has been heard, or has been waited for in both ways.
    var opening: Opening?
    /// WD-timer expiries in a row; while a role is taken over, F-timer expiries.
    var missedPolls = 0
    /// RDs sent; after the first the primary has one watchdog time to end the link.
    var disconnectRequests = 0
    /// Our turns since an impossible Nr, that with FRMR included, without a reset.
    var turnsAfterReject = 0

    init(common: Link, opening: Opening? = nil) {
        self.common = common
        self.opening = opening
    }

    var isClosing: Bool {
        get { common.closing != nil }
        set { common.closing = newValue ? common.closing ?? .requested : nil }
    }
}
