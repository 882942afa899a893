/// The open sockets of a runtime by their handles.
///
/// Handles count upwards from far above any descriptor, so that one is never taken for the other, and a closed one comes back only after
/// hundreds of millions of others (decision D21). They fit a positive 32-bit integer, because programs put them into one.
struct HandleTable<Socket: Sendable>: Sendable {
    private static var first: UInt { 0x4000_0000 }
    private static var last: UInt { 0x7FFF_FFFC }
    private static var step: UInt { 4 }

    private var sockets: [SocketHandle: Socket] = [:]
    private var previous = Self.first

    /// Goes on counting after this handle.
    mutating func skip(to handle: UInt) {
        previous = handle
    }

    /// Puts a socket in, under a handle that is free.
    mutating func insert(_ socket: Socket) -> SocketHandle {
        repeat {
            previous = previous < Self.last ? previous + Self.step : Self.first + Self.step
        } while sockets[SocketHandle(rawValue: previous)] != nil
        let handle = SocketHandle(rawValue: previous)
        sockets[handle] = socket
        return handle
    }

    subscript(handle: SocketHandle) -> Socket? { sockets[handle] }

    mutating func remove(_ handle: SocketHandle) -> Socket? {
        sockets.removeValue(forKey: handle)
    }

    mutating func removeAll() -> [Socket] {
        defer { sockets = [:] }
        return Array(sockets.values)
    }
}
