/// What an IrCOMM machine wants done, in order.
public enum IrCOMMAction: Hashable, Sendable {
    /// Send this to the peer: one TinyTP message, or one PDU of a raw connection.
    case send([UInt8])
    /// Tell the user of the port.
    case event(IrCOMMEvent)
}

/// What an IrCOMM machine tells the user of its port.
public enum IrCOMMEvent: Hashable, Sendable {
    /// It is known how the connection carries the port; data may be sent.
    case ready(IrCOMMServiceTypes)
    /// Data has come.
    case data([UInt8])
    /// The peer's settings are now these.
    case settings(SerialSettings)
    /// The lines that a DTE sees, from a modem or through a null modem.
    case dceLines(DCELines)
    /// The lines that a DCE sees.
    case dteLines(DTELines)
    /// A break begins or ends.
    case breakCondition(Bool)
    /// Characters were lost or damaged on the wire behind the peer.
    case lineErrors(SerialLineErrors)
    /// Something of a parallel port.
    case centronics(CentronicsParameter)
}
