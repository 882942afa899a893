import NIOCore

/// The way from a connection to the program at its end; used on the loop only.
protocol ProgramWay: Sendable {
    /// Hands bytes to the program: part of a stream, or one message.
    ///
    /// - Parameter done: called when the program's socket has room for them, which is when they are out of the way.
    func deliver(_ arrival: Arrival, done: @escaping @Sendable () -> Void)
    /// Asks for more from the program.
    func requestRead()
    /// Lets the program say nothing more: the peer has left.
    ///
    /// - Returns: how many bytes it has said that nobody has asked for.
    func stopListening() -> Int
    /// Closes the way when what was delivered before has gone.
    func close()
    /// Closes the way at once.
    func abandon()
}

/// A way for streams: a channel of NIO.
struct StreamWay: ProgramWay {
    let channel: any Channel
    /// The number of the channel's descriptor, good as long as the channel is active.
    let descriptor: CInt

    func deliver(_ arrival: Arrival, done: @escaping @Sendable () -> Void) {
        channel.writeAndFlush(ByteBuffer(bytes: arrival.bytes)).whenComplete { _ in done() }
    }

    func requestRead() { channel.read() }

    func stopListening() -> Int { channel.isActive ? ProgramPair.stopListening(descriptor) : 0 }

    func close() {
        // Writes end in their order.
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
    }

    func abandon() { channel.close(promise: nil) }
}
