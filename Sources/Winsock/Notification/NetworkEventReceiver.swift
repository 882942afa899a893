import SocketBackends

/// Where the network events of a socket go.
enum NetworkEventReceiver: Sendable {
    case eventObject(EventHandle, EventObjects)
    case messages(MessageQueue, message: UInt32, SocketHandle)
    case sequence(NetworkEventFeed)

    var style: NetworkEventRecord.Style {
        switch self {
        case .eventObject: .eventObject
        case .messages: .messages
        case .sequence: .sequence
        }
    }

    func deliver(_ event: NetworkEvent, _ code: WSAErrorCode) {
        switch self {
        case .eventObject(let handle, let objects):
            objects.setIfOpen(handle)
        case .messages(let queue, let message, let socket):
            queue.post(
                SocketMessage(
                    message: message, socket: socket, notice: NetworkEventNotice(event: event, code: code)))
        case .sequence(let feed):
            feed.deliver(NetworkEventNotice(event: event, code: code))
        }
    }

    /// There will be no more events. Not to be called under a lock of the socket.
    func end() {
        switch self {
        case .eventObject, .messages: break  // rule E12
        case .sequence(let feed): feed.end()
        }
    }

    /// The receiver of an accepted socket (rule E13); a sequence is for one socket only.
    func inherited(by accepted: SocketHandle) -> Self? {
        switch self {
        case .eventObject: self
        case .messages(let queue, let message, _): .messages(queue, message: message, accepted)
        case .sequence: nil
        }
    }
}
