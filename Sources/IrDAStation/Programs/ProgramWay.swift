import NIOCore

/// The way from a connection to the program at its end; used on the loop only.
protocol ProgramWay: Sendable {
    /// Hands bytes to the program: part of a stream, or one message.
    ///
    /// - Parameter done: called when the program's socket has room for them, which is when they are out of the way.
    func deliver(_ bytes: [UInt8], done: @escaping @Sendable () -> Void)
    /// Asks for more from the program.
    func requestRead()
    /// Closes the way when what was delivered before has gone.
    func close()
    /// Closes the way at once.
    func abandon()
}

/// Nobody wants to hear any more what a program says; what was delivered to it still goes out.
struct PeerHasLeft: Sendable {}

/// A way for streams: a channel of NIO.
struct StreamWay: ProgramWay {
    let channel: any Channel

    func deliver(_ bytes: [UInt8], done: @escaping @Sendable () -> Void) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { _ in done() }
    }

    func requestRead() { channel.read() }

    func close() {
        // A program that waits for room for its own words reads nothing, and what was delivered would never go.
        channel.pipeline.fireUserInboundEventTriggered(PeerHasLeft())
        // Writes end in their order.
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
    }

    func abandon() { channel.close(promise: nil) }
}
