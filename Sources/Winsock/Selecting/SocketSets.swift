/// The three sets of `select`. There is no limit to their size (FD_SETSIZE is a matter of C).
public struct SocketSets: Hashable, Sendable {
    /// Asked for: sockets that may have something to receive or to accept. Answered: those that have, or whose connection has ended.
    public var read: [SocketHandle]
    /// Asked for: sockets that may have room to send. Answered: those that have; a connect that succeeded among them (rule R29).
    public var write: [SocketHandle]
    /// Asked for: sockets to which something exceptional may happen. Answered: those whose connect failed (rule R30), or with urgent data
    /// that is not in line with the rest.
    public var except: [SocketHandle]

    /// Makes the three sets.
    public init(read: [SocketHandle] = [], write: [SocketHandle] = [], except: [SocketHandle] = []) {
        self.read = read
        self.write = write
        self.except = except
    }

    /// How many sockets there are in all sets together; what `select` returns.
    public var count: Int { read.count + write.count + except.count }

    /// Every socket once, in order.
    var sockets: [SocketHandle] { (read + write + except).withoutRepetition }
}

extension Array where Element: Hashable {
    /// Every element once, where it first comes.
    var withoutRepetition: Self {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
