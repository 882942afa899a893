import CSocketPlugin
import SystemPackage

/// What the functions of an exported socket are given.
final class ExportedSocket: Sendable {
    private let socket: any BackendSocket
    private let index: UInt32
    private let exported: ExportedBackend
    /// Keeps the descriptor open until `release`, whatever the socket does with it at `close`.
    private let hold: DescriptorHold
    private let descriptor: Int32

    /// - Throws: WSASYSCALLFAILURE if the socket is none of its backend's catalogue; WSAENOTSOCK if it is closed.
    init(_ socket: any BackendSocket, of exported: ExportedBackend) throws(SocketError) {
        let operation = "hand a socket of \(exported.backend.name) to the host"
        guard let index = exported.catalogue.firstIndex(of: socket.kind) else {
            socket.close()
            throw SocketError(
                .WSASYSCALLFAILURE, operation: operation, reason: "its kind is not in the backend's catalogue")
        }
        self.socket = socket
        self.index = UInt32(index)
        self.exported = exported
        hold = try socket.descriptor.hold(for: operation)
        descriptor = hold.withDescriptor { $0.rawValue }
    }

    /// Gives the socket to the host, which gives it back to `release`.
    func hand(over made: UnsafeMutablePointer<irsock_new_socket>?) throws(SocketError) {
        guard let made else {
            socket.close()
            throw SocketError(.WSAEFAULT, operation: "hand a socket to the host", reason: "there is no place for it")
        }
        made.pointee.catalogue_index = index
        made.pointee.descriptor = descriptor
        made.pointee.socket = Unmanaged.passRetained(self).toOpaque()
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> Unmanaged<ExportedSocket> {
        // The host gives back what it was given, which is never null: there is no socket that could give an error.
        guard let pointer else { preconditionFailure("the host has lost a socket") }
        return Unmanaged.fromOpaque(pointer)
    }

    /// Runs a function on a socket.
    private static func answer(
        _ pointer: UnsafeMutableRawPointer?, _ error: UnsafeMutablePointer<irsock_error>?,
        _ body: (any BackendSocket) throws(SocketError) -> Void
    ) -> Int32 {
        let socket = from(pointer).takeUnretainedValue().socket
        return exportedAnswer(error) { () throws(SocketError) in
            try body(socket)
            return 0
        }
    }

    private static func address(_ start: UnsafePointer<UInt8>?, _ length: Int) throws(SocketError) -> SocketAddress {
        try SocketAddress(bytes: Array(UnsafeBufferPointer(start: start, count: length)))
    }

    private static func option(_ level: Int32, _ name: Int32) -> SocketOption {
        SocketOption(level: OptionLevel(rawValue: level), name: OptionName(rawValue: name))
    }

    /// The functions, the same for every backend: the socket itself knows what to do.
    static var functions: irsock_socket_functions {
        var table = irsock_socket_functions()
        table.size = UInt32(MemoryLayout<irsock_socket_functions>.size)
        addConnections(to: &table)
        addData(to: &table)
        addOptions(to: &table)
        table.close = { ExportedSocket.from($0).takeUnretainedValue().socket.close() }
        table.release = { pointer in
            let exported = ExportedSocket.from(pointer).takeRetainedValue()
            exported.socket.close()
        }
        return table
    }

    private static func addConnections(to table: inout irsock_socket_functions) {
        table.bind = { socket, address, length, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                try socket.bind(to: ExportedSocket.address(address, length))
            }
        }
        table.listen = { socket, backlog, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                try socket.listen(backlog: Int(backlog))
            }
        }
        table.accept = { socket, made, peer, error in
            let exported = ExportedSocket.from(socket).takeUnretainedValue().exported
            return ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                let connection = try socket.accept()
                let accepted = try ExportedSocket(connection.socket, of: exported)
                do throws(SocketError) {
                    try peer.fill(connection.peer, for: "accept a connection")
                } catch {
                    connection.socket.close()
                    throw error
                }
                try accepted.hand(over: made)
            }
        }
        table.connect = { socket, address, length, progress, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                switch try socket.connect(to: ExportedSocket.address(address, length)) {
                case .connected: progress?.pointee = Int32(IRSOCK_CONNECTED)
                case .pending: progress?.pointee = Int32(IRSOCK_PENDING)
                case .dissolved: progress?.pointee = Int32(IRSOCK_DISSOLVED)
                }
            }
        }
        table.finish_connect = { socket, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in try socket.finishConnect() }
        }
        table.shutdown = { socket, direction, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                guard let direction = ShutdownDirection(rawValue: direction) else {
                    throw SocketError(
                        .WSAEINVAL, operation: "shut down", reason: "\(direction) is no direction",
                        advice: "Pass SD_RECEIVE 0, SD_SEND 1 or SD_BOTH 2.")
                }
                try socket.shutdown(direction)
            }
        }
        table.local_address = { socket, address, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                try address.fill(try socket.localAddress(), for: "read the local address")
            }
        }
        table.peer_address = { socket, address, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                try address.fill(try socket.peerAddress(), for: "read the peer's address")
            }
        }
    }

    private static func addData(to table: inout irsock_socket_functions) {
        table.send = { socket, bytes, count, flags, sent, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                let bytes = UnsafeRawBufferPointer(start: bytes, count: count).bytes
                sent?.pointee = UInt64(try socket.send(bytes, flags: MessageFlags(rawValue: flags)))
            }
        }
        table.send_to = { socket, bytes, count, flags, address, length, sent, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                let bytes = UnsafeRawBufferPointer(start: bytes, count: count).bytes
                let address = try ExportedSocket.address(address, length)
                sent?.pointee = UInt64(try socket.send(bytes, to: address, flags: MessageFlags(rawValue: flags)))
            }
        }
        table.receive = { socket, buffer, capacity, flags, received, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                var room = UnsafeMutableRawBufferPointer(start: buffer, count: capacity).mutableBytes
                let datagram = try socket.receiveFrom(into: &room, flags: MessageFlags(rawValue: flags))
                received?.pointee.count = UInt64(datagram.count)
                received?.pointee.is_truncated = datagram.isTruncated ? 1 : 0
                guard let source = datagram.source else {
                    received?.pointee.source.length = 0
                    return
                }
                guard received?.pointee.source.write(source) != false else {
                    throw SocketError(
                        .WSAEFAULT, operation: "receive", reason: "the source's address is too long for the interface")
                }
            }
        }
    }

    private static func addOptions(to table: inout irsock_socket_functions) {
        table.get_option = { socket, level, name, value, length, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                let room = UnsafeMutableBufferPointer(start: value, count: length?.pointee ?? 0)
                let option = ExportedSocket.option(level, name)
                let bytes = try OptionValue(bytes: socket.option(option, buffer: Array(room)))
                    .bytes(fitting: room.count, for: "read \(option)")
                _ = room.update(fromContentsOf: bytes)
                length?.pointee = bytes.count
            }
        }
        table.set_option = { socket, level, name, value, length, error in
            ExportedSocket.answer(socket, error) { socket throws(SocketError) in
                try socket.setOption(
                    ExportedSocket.option(level, name),
                    to: Array(UnsafeBufferPointer(start: value, count: length)))
            }
        }
    }
}
