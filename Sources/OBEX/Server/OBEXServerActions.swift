/// What a server machine wants done, in order.
public enum OBEXServerAction: Hashable, Sendable {
    /// Send these bytes to the client.
    case send([UInt8])
    /// Close the transport connection; nothing more can be done on it.
    case close
    /// Tell the user.
    case event(OBEXServerEvent)
}

/// What a server machine tells its user.
public enum OBEXServerEvent: Hashable, Sendable {
    /// A session has begun.
    case connected
    /// An object begins to arrive: answer with `accept` or `refuse`.
    case objectBegins(OBEXIncomingObject)
    /// A part of the object.
    case body([UInt8])
    /// All of the object is there: answer with `accept` when it is kept, or with `refuse`.
    case objectEnds
    /// Throw away what came of the object.
    case objectDropped(OBEXDropReason)
    /// The client asked for something it may not have, or too much of it; it was told so.
    case refused(OBEXResponseCode, name: String?)
    /// The client has fetched a default object, all of it.
    case objectFetched(type: String)
    /// The session has ended; the client may begin another.
    case disconnected
}

/// An object that begins to arrive. All of it is what a stranger says.
public struct OBEXIncomingObject: Hashable, Sendable {
    /// Its name as sent: never use it as a path (`OBEXFileName`).
    public var name: String
    /// Its media type, in lower case; nil if not said.
    public var type: String?
    /// Its size in bytes; nil if not said, and perhaps wrong.
    public var claimedLength: UInt32?
    /// When it was changed, in the form in which it was sent.
    public var time: String?
}

/// Why an object that had begun is not to be kept.
public enum OBEXDropReason: Hashable, Sendable {
    /// The client has aborted it.
    case aborted
    /// The connection ended in the middle.
    case transportClosed
    /// It is larger than permitted, in bytes.
    case tooLarge(limit: Int)
    /// The client has broken the rules.
    case brokenRules
}

/// An object that a server gives to who asks for its type (OBEX 1.3, 8.4).
public struct OBEXDefaultObject: Hashable, Sendable {
    /// The media type; asked for in any letter case.
    public var type: String
    /// The name that it has.
    public var name: String
    /// The content.
    public var body: [UInt8]

    /// An object from its parts.
    public init(type: String, name: String, body: [UInt8]) {
        self.type = type
        self.name = name
        self.body = body
    }
}
