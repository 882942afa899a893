public import IrDAProtocol

/// A way in which real stations are awkward, as a ready model.
///
/// The models are rules around a correct station, so several can be combined.
public enum AwkwardBehaviour: Sendable {
    /// Does not answer the first SNRM after a discovery: it is still busy with that.
    case ignoresFirstConnectionRequest
    /// Looks at seven bits of the address byte only, so it takes a response for a command.
    case ignoresCommandBit
    /// Forgets a discovery as soon as it has answered: it never hears the end of it.
    case leavesReplyEarly
    /// Cannot take I frames, and says RNR to everything, until the rules are removed.
    case isBusy
    /// Acknowledges a connect request for an LSAP that it does not have, and never says no.
    case neverRefuses(selectors: Set<LSAPSelector>)
    /// Sends an empty frame behind every good one, as Linux does at 9600 bit/s.
    case sendsStrayFrames
    /// Announces these limits of what it can receive, whatever it really can. What both have to agree on stays true.
    case announces(NegotiationParameters)
    /// Hears nothing for so long after its own light, and has announced less.
    case isDeafAfterSending(Duration)
    /// Falls silent for good after so many frames of its own, and hears nothing either.
    case stops(afterFrames: Int)

    /// Parameters of the smallest station that the specification allows: 9600 bit/s, frames of 64 bytes, one at a time.
    public static let smallest = NegotiationParameters.defaults

    /// The rules that make a station so.
    func rules(of station: StationID) -> [MediumRule] {
        switch self {
        case .ignoresFirstConnectionRequest:
            [MediumRule(.drop, to: .connectionRequests, at: station, limit: 1)]
        case .ignoresCommandBit:
            [
                MediumRule(
                    .hear { frame in
                        var frame = frame
                        frame.address.isCommand = true
                        return frame
                    }, to: FrameFilter { $0.address.connection != .broadcast }, at: station)
            ]
        case .leavesReplyEarly:
            [MediumRule(.drop, to: .discoveryFinals, at: station)]
        case .isBusy:
            [
                MediumRule(.say(Self.sayingBusy), to: Self.numbered, from: station),
                MediumRule(.hear(Self.hearingNoData), to: .information, at: station),
            ]
        case .neverRefuses(let selectors):
            [
                MediumRule(
                    .hear { frame in
                        guard case .connectRequest(let wanted, _, _)? = LMPDU(bytes: frame.information),
                            !selectors.contains(wanted)
                        else { return frame }
                        // Acknowledged by IrLAP, and understood by nobody above.
                        return IrLAPFrame(address: frame.address, control: frame.control, information: [0])
                    }, to: .information, at: station)
            ]
        case .sendsStrayFrames:
            [MediumRule(.stray([0xC0, 0x00, 0x00, 0xC1]), from: station)]
        case .announces(let parameters):
            [MediumRule(.say { $0.announcing(parameters) }, from: station)]
        case .isDeafAfterSending(let time):
            [MediumRule(.deaf(time), at: station)]
        case .stops(let frames):
            [
                MediumRule(.say { _ in nil }, from: station, skipping: frames),
                MediumRule(.drop, at: station, skipping: frames),
            ]
        }
    }

    private static let numbered = FrameFilter { frame in
        if case .unnumbered = frame.control { false } else { true }
    }

    private static let sayingBusy: MediumRule.Rewriting = { frame in
        guard frame.control.pollFinal, let nr = frame.control.nr else { return nil }
        return IrLAPFrame(address: frame.address, control: .supervisory(.receiveNotReady, nr: nr, pollFinal: true))
    }

    /// An I frame that gives the turn away still does; its data is lost.
    private static let hearingNoData: MediumRule.Rewriting = { frame in
        guard frame.control.pollFinal, let nr = frame.control.nr else { return nil }
        return IrLAPFrame(address: frame.address, control: .supervisory(.receiveReady, nr: nr, pollFinal: true))
    }
}

extension IrLAPFrame {
    /// The same frame, with other limits if it is an SNRM or a UA that has some.
    fileprivate func announcing(_ parameters: NegotiationParameters) -> IrLAPFrame {
        if var snrm = SNRMFrame(self) {
            snrm.parameters = parameters.agreeing(with: snrm.parameters)
            return snrm.frame
        }
        if var ua = UAFrame(self), !ua.parameters.isEmpty {
            ua.parameters = parameters.agreeing(with: ua.parameters)
            return ua.frame
        }
        return self
    }
}

extension NegotiationParameters {
    /// These limits, with the rates and disconnect times of others: the parameter field as transmitted.
    fileprivate func agreeing(with field: [UInt8]) -> [UInt8] {
        let others = NegotiationParameters(parsing: field)
        var parameters = self
        parameters.baudRates = others.baudRates
        parameters.disconnectTimes = others.disconnectTimes
        return parameters.bytes
    }
}
