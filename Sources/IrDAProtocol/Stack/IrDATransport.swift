/// How a connection carries its data.
public enum IrDATransport: Hashable, Sendable {
    /// A byte stream over TinyTP without reassembly (SOCK_STREAM; OBEX, cooked IrCOMM).
    case stream
    /// Messages over TinyTP (SOCK_SEQPACKET; the PDUs of cooked IrCOMM).
    ///
    /// `maximumSize` is the longest message in bytes that we announce to put together from segments: 1 to
    /// `TinyTP.longestMessage`. With nil nothing is announced, and a message from the peer is one segment.
    case messages(maximumSize: UInt32?)
    /// A byte stream in the framing of cooked IrCOMM, for a program that knows nothing of it (IRLMP_9WIRE_MODE): who opens the
    /// connection says that it is 9-wire, and no more; control information that comes is dropped.
    case cooked
    /// PDUs straight over the multiplexer, without credit (IrLPT, IrCOMM 3-wire raw): the peer's user data as it is.
    case raw

    /// What Linux announces on SOCK_SEQPACKET.
    public static let linuxMessages = IrDATransport.messages(maximumSize: 0xFFFF)

    /// The attributes whose value is the selector of a service, in the order in which they are asked for.
    var selectorAttributes: [IASName] {
        switch self {
        case .stream, .messages, .cooked: ["IrDA:TinyTP:LsapSel"]
        // An old product spells the second one (IrLMP 1.1, 5.2).
        case .raw: ["IrDA:IrLMP:LsapSel", "IrDA:IrLMP:LSAPSel"]
        }
    }
}
