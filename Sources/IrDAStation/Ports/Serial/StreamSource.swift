import IrDAAdapters
import NIOCore
import NIOPosix
import SocketBackends
import SystemPackage

/// Connects to a socket that carries the bytes of a serial line: a serial server, an emulator, a virtual machine.
struct StreamSource: SerialLineSource {
    enum Destination: Hashable, Sendable {
        case unix(path: String)
        case tcp(host: String, port: Int)
    }

    let name: String
    private let destination: Destination

    init(_ destination: Destination, name: String) {
        self.destination = destination
        self.name = name
    }

    func open(
        on loop: any EventLoop, handler: @escaping @Sendable () -> any ChannelHandler & Sendable
    ) -> EventLoopFuture<SerialLine> {
        let bootstrap = ClientBootstrap(group: loop).channelInitializer { $0.pipeline.addHandler(handler()) }
        let connected =
            switch destination {
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
            }
        return
            connected
            .map { SerialLine(channel: $0, controls: StreamControls(), traits: .stream, hasLines: false) }
            .flatMapErrorThrowing { throw explain($0) }
    }

    private func explain(_ error: any Error) -> SocketError {
        let operation = "open \(name)"
        let advice = "Is the program running that offers it?"
        let cause = (error as? NIOConnectionError)?.connectionErrors.last?.error ?? error
        if let cause = cause as? IOError {
            return SocketError(Errno(rawValue: cause.errnoCode), operation: operation, advice: advice)
        }
        return SocketError(.WSAENETDOWN, operation: operation, reason: "\(cause)", advice: advice)
    }
}

/// A stream has nothing but bytes.
private struct StreamControls: SerialControls {
    func setLines(_ lines: SerialLines) {}
    func setRate(_ rate: Int) {}
    func discardInput() {}
    func heldBytes() -> Int { 0 }
    func counters() -> LineCounters? { nil }
    func close() {}
}
