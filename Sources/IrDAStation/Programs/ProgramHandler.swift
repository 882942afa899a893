import IrDAProtocol
import NIOCore

/// Carries bytes between the station's end of a program's pair and the connection it belongs to.
///
/// Reading is by request only: the host asks for bytes when the peer has given credit, so a program that writes faster than
/// the link carries is held back by its own full socket.
final class ProgramHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let host: StationHost
    private let connection: HostedConnection

    init(host: StationHost, connection: HostedConnection) {
        self.host = host
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        host.assumeIsolated { [connection] in $0.programSent(bytes, on: connection) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        host.assumeIsolated { [connection] in $0.programSent(nil, on: connection) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The program has closed its end with data unread; that it has left is all there is to know.
        context.close(promise: nil)
    }
}

/// A connection on one of the stations that a host runs.
struct HostedConnection: Hashable, Sendable {
    let station: StationHandle.ID
    let connection: IrDAConnectionID
}
