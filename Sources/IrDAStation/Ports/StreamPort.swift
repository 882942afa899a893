import Glibc
public import IrDAProtocol
public import NIOCore
import NIOPosix
public import SocketBackends
import SystemPackage

/// A port over a connected socket that carries a stream of bytes: one end of a pair, an emulator, a virtual machine.
///
/// A transmission ends when the stream has taken it. Rates all mean the same.
public final class StreamPort: LightPort {
    /// What people call it.
    public let name: String
    private let descriptor: SharedDescriptor
    private let state: NIOLoopBoundBox<State>

    private struct State {
        var channel: (any Channel)?
        var report: (@Sendable (LightPortEvent) -> Void)?
    }

    /// Takes over an open socket.
    ///
    /// - Parameters:
    ///   - descriptor: the socket.
    ///   - name: what people call it.
    ///   - loop: where the port will live.
    public init(_ descriptor: consuming OwnedDescriptor, name: String, on loop: any EventLoop) {
        self.name = name
        self.descriptor = SharedDescriptor(descriptor)
        state = .makeBoxSendingValue(State(), eventLoop: loop)
    }

    /// Begins to read.
    public func open(
        on loop: any EventLoop, report: @escaping @Sendable (LightPortEvent) -> Void
    ) -> EventLoopFuture<LightPortCapabilities> {
        state.value.report = report
        let name = name
        // Nothing is reported any more once the port is closed.
        let report = { @Sendable [state] (event: LightPortEvent) -> Void in state.value.report?(event) }
        do {
            // The event loop closes what it is given; this end stays ours until then.
            let copy = try descriptor.withDescriptor(for: "open \(name)") { descriptor throws(SocketError) in
                try systemCall(for: "open \(name)") { dup(descriptor.rawValue) }
            }
            descriptor.close()
            return ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(StreamPortHandler(name: name, report: report))
                    }
                }
                .withConnectedSocket(copy)
                .map { channel in
                    self.state.value.channel = channel
                    return .byteStream
                }
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    /// Writes; the stream keeps the order.
    public func transmit(_ transmission: LightTransmission) {
        guard let channel = state.value.channel, let report = state.value.report else { return }
        // A write that fails closes the channel, and that is reported as the loss of the port.
        channel.writeAndFlush(ByteBuffer(bytes: transmission.characters)).whenSuccess { report(.transmitted) }
    }

    /// Nothing to do.
    public func setRate(_ rate: BaudRate) {}

    /// Closes the stream.
    public func close() -> EventLoopFuture<Void> {
        descriptor.close()
        state.value.report = nil
        guard let channel = state.value.channel else { return state.eventLoop.makeSucceededVoidFuture() }
        return channel.close().recover { _ in }  // It was closed already.
    }
}

/// Reports what the stream brings.
private final class StreamPortHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let name: String
    private let report: @Sendable (LightPortEvent) -> Void

    init(name: String, report: @escaping @Sendable (LightPortEvent) -> Void) {
        self.name = name
        self.report = report
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        report(.received(Array(unwrapInboundIn(data).readableBytesView)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        report(
            .lost(
                SocketError(
                    .WSAENETDOWN, operation: "use \(name)", reason: "the other end has closed the stream")))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
