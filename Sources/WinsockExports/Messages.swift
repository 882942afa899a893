public import CWinsock
import Glibc
import SocketBackends
import Synchronization
import Winsock

/// The message queues of the program by their handles (decision D14). Numbers count upwards, so that one that was destroyed stands for
/// nothing afterwards.
private enum Queues {
    private struct Table {
        var queues: [UInt: MessageQueue] = [:]
        var last: UInt = 0x0001_0000
    }

    private static let table = Mutex(Table())

    static func insert(_ queue: MessageQueue) -> HWND? {
        table.withLock { table in
            table.last += 2
            table.queues[table.last] = queue
            return HWND(bitPattern: table.last)
        }
    }

    static func remove(_ window: HWND?) -> MessageQueue? {
        table.withLock { $0.queues.removeValue(forKey: UInt(bitPattern: window)) }
    }

    /// - Throws: WSAEINVAL if there is none.
    static func find(_ window: HWND?, for operation: String) throws(SocketError) -> MessageQueue {
        guard let queue = table.withLock({ $0.queues[UInt(bitPattern: window)] }) else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "this is no message queue",
                advice: "Make one with CreateMessageQueue.")
        }
        return queue
    }
}

/// CreateMessageQueue: what stands for a window.
@c(CreateMessageQueue)
public func createMessageQueue() -> HWND? {
    answering(orIfItFails: nil) { _ throws(SocketError) in Queues.insert(try MessageQueue()) }
}

/// DestroyMessageQueue: GetMessage returns FALSE once the queue is empty.
@c(DestroyMessageQueue)
public func destroyMessageQueue(_ window: HWND?) -> Int32 {
    truth { _ throws(SocketError) in
        let queue = try Queues.find(window, for: "destroy a message queue")
        _ = Queues.remove(window)
        queue.close()
    }
}

/// WSAAsyncSelect.
@c(WSAAsyncSelect)
public func selectMessages(_ socket: SOCKET, _ window: HWND?, _ message: UInt32, _ events: Int32) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let events = NetworkEvents(rawValue: events)
        guard !events.isEmpty else {
            return try winsock.eventSelect(handle, .invalid, [])  // takes the selection back, whichever it is
        }
        let queue = try Queues.find(window, for: "select messages of \(handle)")
        try winsock.asyncSelect(handle, queue, message: message, events)
    }
}

/// GetMessage: TRUE with a message, FALSE once the queue was destroyed, -1 for an error.
@c(GetMessageA)
public func getMessage(_ message: UnsafeMutablePointer<MSG>?, _ window: HWND?, _ first: UInt32, _ last: UInt32) -> Int32
{
    answering(orIfItFails: -1) { _ throws(SocketError) in
        let operation = "get a message"
        try refuseFilter(first, last, for: operation)
        guard let taken = try Queues.find(window, for: operation).get() else { return 0 }
        try UntrustedMemory.write(MSG(taken, of: window), at: message, for: operation)
        return 1
    }
}

/// PeekMessage: FALSE if there is none.
@c(PeekMessageA)
public func peekMessage(
    _ message: UnsafeMutablePointer<MSG>?, _ window: HWND?, _ first: UInt32, _ last: UInt32, _ remove: UInt32
) -> Int32 {
    answering(orIfItFails: 0) { _ throws(SocketError) in
        let operation = "look at a message"
        try refuseFilter(first, last, for: operation)
        guard let found = try Queues.find(window, for: operation).peek(isRemoving: remove & 1 != 0) else { return 0 }
        try UntrustedMemory.write(MSG(found, of: window), at: message, for: operation)
        return 1
    }
}

private func refuseFilter(_ first: UInt32, _ last: UInt32, for operation: String) throws(SocketError) {
    guard first == 0, last == 0 else {
        throw SocketError(
            .WSA_INVALID_PARAMETER, operation: operation, reason: "messages cannot be chosen by their numbers",
            advice: "Pass 0 and 0, or use a queue for each number.")
    }
}

extension MSG {
    fileprivate init(_ message: SocketMessage, of window: HWND?) {
        self.init()
        hwnd = window
        self.message = message.message
        wParam = message.socket.rawValue
        lParam = Int(message.parameter)
        time = tickCount()
    }
}
