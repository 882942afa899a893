public import SocketBackends

extension Winsock {
    /// Opens a connection and sends the first data with it, without waiting (ConnectEx). It always goes on when this returns
    /// (ERROR_IO_PENDING), however fast the peer is.
    ///
    /// After its end the option SO_UPDATE_CONNECT_CONTEXT is to be set; until then the peer's address is not known, and the socket cannot
    /// be shut down.
    ///
    /// - Parameters:
    ///   - handle: the socket, which must be bound.
    ///   - address: the peer; evaluated after the checks of the socket's state.
    ///   - bytes: what is sent as soon as there is a connection.
    ///   - event: an event object to reset now and to signal at the end; nil for none.
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK; WSAEINVAL for a datagram socket, one that listens or is connecting, and one that is not
    ///   bound; WSAEISCONN; WSAEFAULT for a short address; WSA_INVALID_HANDLE if the event object is not open; the family's errors about
    ///   the address.
    public func startConnectEx(
        _ handle: SocketHandle, to address: @autoclosure () throws(SocketError) -> SocketAddress,
        sending bytes: [UInt8] = [], event: EventHandle? = nil
    ) throws(SocketError) -> ConnectCompletion {
        func operation() -> String { "connect \(handle)" }
        return try call(operation(), on: handle) { socket throws(SocketError) in
            guard socket.kind.isConnectionOriented else {
                throw SocketError(
                    .WSAEINVAL, operation: operation(), reason: "datagram sockets have no connections",
                    advice: "Use connect.")
            }
            let monitor = try monitor()
            let events = events
            let completion = try ConnectCompletion { if let event { events.setIfOpen(event) } }
            let (attempt, _) = try socket.startConnecting(.overlapped, version: version, for: operation()) {
                () throws(SocketError) in
                let address = try address()
                try checkBound(socket, for: operation())
                if let event { try events.reset(event) }
                return address
            }
            let connect = OverlappedConnect(
                attempt, on: socket, sending: bytes, completion: completion, monitor: monitor, operation: operation())
            completion.onCancel { [weak connect] in connect?.callOff() }
            connect.proceedWhenWritable()
            return completion
        }
    }

    /// Opens a connection and sends the first data with it (ConnectEx); answers how many bytes were sent.
    ///
    /// If the task is cancelled while the attempt goes on, it is called off, and the socket can only be closed.
    ///
    /// - Throws: as `startConnectEx` and `ConnectCompletion.value`.
    public func connectEx(
        _ handle: SocketHandle, to address: SocketAddress, sending bytes: [UInt8] = []
    ) async throws(SocketError) -> Int {
        let completion = try startConnectEx(handle, to: address, sending: bytes)
        let result = await withTaskCancellationHandler {
            do throws(SocketError) {
                return Result<Int, SocketError>.success(try await completion.value())
            } catch {
                return .failure(error)
            }
        } onCancel: {
            completion.cancel()
        }
        return try result.get()
    }

    private func checkBound(_ socket: OpenSocket, for operation: @autoclosure () -> String) throws(SocketError) {
        do throws(SocketError) {
            _ = try socket.backend.localAddress()
        } catch  where error.code == .WSAEINVAL {
            throw SocketError(
                .WSAEINVAL, operation: operation(), reason: "the socket has no local address", advice: "Bind it first.")
        }
    }
}
