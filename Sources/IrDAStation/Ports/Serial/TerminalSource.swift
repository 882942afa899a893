import IrDAAdapters
import NIOCore
import NIOPosix
import SocketBackends

/// Opens a serial port.
struct TerminalSource: SerialLineSource {
    let name: String
    private let path: String

    init(path: String) {
        self.path = path
        name = "serial:\(path)"
    }

    /// FTDI chips have been seen to work only from the second time that they are opened after being plugged in.
    private static let settlingTime = TimeAmount.milliseconds(100)

    func open(
        on loop: any EventLoop, handler: @escaping @Sendable () -> any ChannelHandler & Sendable
    ) -> EventLoopFuture<SerialLine> {
        do {
            let terminal = try Terminal(path: path, name: name)
            guard terminal.hardware.isFTDI else { return connect(terminal, on: loop, handler) }
            terminal.close()
            return loop.flatScheduleTask(in: Self.settlingTime) {
                connect(try Terminal(path: path, name: name), on: loop, handler)
            }.futureResult
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    private func connect(
        _ terminal: Terminal, on loop: any EventLoop, _ handler: @escaping @Sendable () -> any ChannelHandler & Sendable
    ) -> EventLoopFuture<SerialLine> {
        openTerminalChannel(terminal, on: loop, handler).map {
            SerialLine(channel: $0, controls: terminal, traits: terminal.traits, hasLines: terminal.hasLines)
        }
    }
}

/// A channel that reads from a terminal and writes to it.
func openTerminalChannel(
    _ terminal: Terminal, on loop: any EventLoop, _ handler: @escaping @Sendable () -> any ChannelHandler & Sendable
) -> EventLoopFuture<any Channel> {
    do {
        // The channel closes what it is given.
        let data = try terminal.makeDataDescriptor()
        return NIOPipeBootstrap(group: loop)
            .channelInitializer { $0.pipeline.addHandler(handler()) }
            .takingOwnershipOfDescriptor(inputOutput: data)
            .flatMapErrorThrowing { error in
                close(data)
                terminal.close()
                throw error
            }
    } catch {
        terminal.close()
        return loop.makeFailedFuture(error)
    }
}
