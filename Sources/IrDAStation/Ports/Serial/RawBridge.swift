import IrDAAdapters
public import NIOCore
import NIOPosix
public import SocketBackends

/// A pseudo-terminal onto the bare light, for programs that speak plain serial over infrared.
///
/// What a program writes to it goes out as light, what is heard can be read, and a speed that the program sets is the speed of the light.
public final actor RawBridge {
    private nonisolated let loop: any EventLoop
    /// Makes the event loop the place where this actor runs.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    private let port: DonglePort
    private let terminal: PseudoTerminal
    private let note: @Sendable (String) -> Void
    private var channel: (any Channel)?
    private var rate: Int
    private var watch: RepeatedTask?

    /// A program may listen only, after having set its speed; it is looked at so often.
    private static let watchTime = TimeAmount.milliseconds(100)

    /// Makes a pseudo-terminal for a port that is not open yet.
    ///
    /// - Parameters:
    ///   - port: the port to the light.
    ///   - rate: the speed to begin with, in bit/s.
    ///   - note: told, in a sentence, of what happens to the port.
    /// - Throws: why there is no pseudo-terminal.
    public init(_ port: DonglePort, rate: Int, note: @escaping @Sendable (String) -> Void) throws(SocketError) {
        terminal = try PseudoTerminal(rate: rate)
        self.port = port
        self.rate = rate
        self.note = note
        loop = port.loop
    }

    /// The pseudo-terminal for programs to open.
    public nonisolated var path: String { terminal.path }

    /// Opens the port and begins to carry bytes.
    ///
    /// - Returns: done when bytes are carried, or failed with a `SocketError`.
    public nonisolated func start() -> EventLoopFuture<Void> {
        loop.flatSubmit { self.assumeIsolated { $0.openPort() } }
    }

    private func openPort() -> EventLoopFuture<Void> {
        port.open(on: loop) { event in self.assumeIsolated { $0.take(event) } }
            .flatMap { _ in self.assumeIsolated { $0.openChannel() } }
    }

    private func openChannel() -> EventLoopFuture<Void> {
        if rate != port.dongle.discoveryRate { port.setRate(bitsPerSecond: rate) }
        do {
            let data = try terminal.makeDataDescriptor()
            watch = loop.scheduleRepeatedTask(initialDelay: Self.watchTime, delay: Self.watchTime) { _ in
                self.assumeIsolated { $0.followRate() }
            }
            return NIOPipeBootstrap(group: loop)
                .channelInitializer { $0.pipeline.addHandler(RawBridgeHandler(self)) }
                .takingOwnershipOfDescriptor(inputOutput: data)
                .map { channel in self.assumeIsolated { $0.channel = channel } }
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    /// Closes the port and takes the pseudo-terminal away.
    public nonisolated func stop() -> EventLoopFuture<Void> {
        loop.flatSubmit { self.assumeIsolated { $0.end() } }
    }

    private func end() -> EventLoopFuture<Void> {
        watch?.cancel()
        channel?.close(promise: nil)
        channel = nil
        terminal.close()
        return port.close()
    }

    private func take(_ event: LightPortEvent) {
        switch event {
        case .received(let bytes):
            // What nobody reads is lost, as on any serial port.
            guard let channel, channel.isWritable else { return }
            channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        case .receivedFrame, .transmitted: break
        case .lost(let error): note("\(error)")
        case .back:
            note("\(port.name) is back.")
            if rate != port.dongle.discoveryRate { port.setRate(bitsPerSecond: rate) }
        }
    }

    func send(_ bytes: [UInt8]) {
        followRate()
        port.transmit(characters: bytes)
    }

    /// Takes over the speed that a program has set.
    private func followRate() {
        guard let wanted = terminal.rate, wanted != rate else { return }
        rate = wanted
        guard port.has(rate: rate) else {
            return note("The program wants \(rate) bit/s, which this dongle does not have; nothing has changed.")
        }
        port.setRate(bitsPerSecond: rate)
    }
}

/// Takes what a program writes to the pseudo-terminal.
private final class RawBridgeHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let bridge: RawBridge

    init(_ bridge: RawBridge) {
        self.bridge = bridge
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        bridge.assumeIsolated { $0.send(bytes) }
    }
}
