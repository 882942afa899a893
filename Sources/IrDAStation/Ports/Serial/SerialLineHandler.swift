import NIOCore

/// Takes what a line brings to its port.
final class SerialLineHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let port: DonglePort
    private let number: Int

    init(_ port: DonglePort, _ number: Int) {
        self.port = port
        self.number = number
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        port.assumeIsolated { $0.heard(bytes, number) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        port.assumeIsolated { $0.lineClosed(number) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
