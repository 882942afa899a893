import IrDABackend
import SocketBackends
import Testing

/// Makes a socket, and hands out the station's side of it.
func socket(
    _ type: SocketType, _ protocolNumber: Int32 = 0, _ provider: ScriptedProvider = ScriptedProvider()
) throws -> (socket: any BackendSocket, station: ScriptedEndpoint) {
    let answer = try IrDABackend(provider: provider).makeSocket(
        type: type, protocolNumber: SocketProtocolNumber(rawValue: protocolNumber))
    guard case .socket(let socket) = answer else { throw NoSocket() }
    return (socket, try #require(provider.latest))
}

struct NoSocket: Error {}

/// The code of the error that a call ends in; nil if it succeeds.
func code(_ body: () throws(SocketError) -> Void) -> WSAErrorCode? {
    do throws(SocketError) {
        try body()
        return nil
    } catch {
        return error.code
    }
}

extension BackendSocket {
    func send(_ bytes: [UInt8], to address: SocketAddress? = nil) throws(SocketError) -> Int {
        if let address { return try send(bytes.span.bytes, to: address, flags: []) }
        return try send(bytes.span.bytes, flags: [])
    }

    func receive(_ room: Int, flags: MessageFlags = []) throws(SocketError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: room)
        var span = buffer.mutableSpan
        var raw = span.mutableBytes
        let count = try receive(into: &raw, flags: flags)
        return Array(buffer.prefix(count))
    }

    func receiveFrom(_ room: Int) throws(SocketError) -> ReceivedDatagram {
        var buffer = [UInt8](repeating: 0, count: room)
        var span = buffer.mutableSpan
        var raw = span.mutableBytes
        return try receiveFrom(into: &raw, flags: [])
    }
}

/// `0x9ABCDEF1/OBEX`, `OBEX`, `lsap:3`.
func address(_ device: UInt32 = 0, _ service: IrDAServiceName) -> SocketAddress {
    IrDAAddress(device: IrDADeviceID(rawValue: device), service: service).socketAddress
}

let phone: UInt32 = 0x9ABC_DEF1
