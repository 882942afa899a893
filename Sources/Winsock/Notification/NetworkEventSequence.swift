/// The network events of one socket, as they happen, for one `for await` loop.
///
/// It is a selection like those of `eventSelect` and `asyncSelect`: the same rules say what is told and when it is told again. It ends when
/// the socket is closed or another selection takes its place; when the loop ends or its task is cancelled, nothing is selected any more.
public struct NetworkEventSequence: AsyncSequence, Sendable {
    let notices: AsyncStream<NetworkEventNotice>

    /// Goes through the events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var notices: AsyncStream<NetworkEventNotice>.Iterator

        /// The next event; nil at the end.
        public mutating func next() async -> NetworkEventNotice? {
            await notices.next()
        }

        /// The next event; nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> NetworkEventNotice? {
            await notices.next(isolation: actor)
        }
    }

    /// Begins to go through the events; those that nobody has taken yet are kept.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(notices: notices.makeAsyncIterator())
    }
}

/// The end of a sequence into which its events are put.
struct NetworkEventFeed: Sendable {
    private let continuation: AsyncStream<NetworkEventNotice>.Continuation
    private let identity = Identity()

    private final class Identity: Sendable {}

    /// Makes a sequence and its feed. Nothing is dropped: an event is told again only after a call that answers to it, so that few can wait.
    static func make() -> (sequence: NetworkEventSequence, feed: Self) {
        let (notices, continuation) = AsyncStream<NetworkEventNotice>.makeStream()
        return (NetworkEventSequence(notices: notices), Self(continuation: continuation))
    }

    private init(continuation: AsyncStream<NetworkEventNotice>.Continuation) {
        self.continuation = continuation
    }

    func deliver(_ notice: NetworkEventNotice) {
        continuation.yield(notice)
    }

    func end() {
        continuation.finish()
    }

    /// Calls `body` when nobody listens any more.
    func onEnd(_ body: @escaping @Sendable () -> Void) {
        continuation.onTermination = { _ in body() }
    }

    static func ~= (one: Self, other: Self) -> Bool { one.identity === other.identity }
}
