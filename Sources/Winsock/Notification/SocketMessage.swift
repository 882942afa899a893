import SocketBackends

/// A message that tells of one network event of one socket (WSAAsyncSelect).
public struct SocketMessage: Hashable, Sendable {
    /// The number that the program gave for this socket's messages.
    public var message: UInt32
    /// The socket (wParam).
    public var socket: SocketHandle
    /// What happened, and how it went. The thread's last error has nothing to do with it.
    public var notice: NetworkEventNotice

    /// Describes a message.
    public init(message: UInt32, socket: SocketHandle, notice: NetworkEventNotice) {
        self.message = message
        self.socket = socket
        self.notice = notice
    }

    /// The event and its code as one number (lParam): the event's bit in the low half (WSAGETSELECTEVENT), the code in the high half
    /// (WSAGETSELECTERROR).
    public var parameter: UInt32 {
        UInt32(UInt16(truncatingIfNeeded: notice.code.rawValue)) << 16
            | UInt32(UInt16(truncatingIfNeeded: NetworkEvents(notice.event).rawValue))
    }
}
