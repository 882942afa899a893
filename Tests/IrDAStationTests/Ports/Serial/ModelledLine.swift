import Glibc
import IrDAAdapters
import NIOCore
import NIOPosix
import SocketBackends
import Synchronization
import SystemPackage

@testable import IrDAStation

/// A serial line with a model of a dongle at its other end, in modelled time.
///
/// Bytes go through a pair of sockets, whose other end gets at once what is written to one: all that happens to them besides, the
/// wire included, is the model's. On an event loop, as its port is; tests come to it there, too.
final class ModelledLine: Sendable {
    private struct State {
        var bench: SerialBench
        var alarm: PortAlarm?
        var light: [SerialBench.Light] = []
    }

    private let state: Mutex<State>
    let clock: ModelledClock
    private let loop: any EventLoop
    private let far: CInt
    private let near: CInt
    private let shone = Mutex<@Sendable ([SerialBench.Light]) -> Void>({ _ in })

    init(
        _ model: any SerialDongleModel, echoes: Bool = false, clock: ModelledClock, on loop: any EventLoop
    ) throws(SocketError) {
        var ends: [Int32] = [-1, -1]
        try systemCall(for: "make a pair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) }
        (near, far) = (ends[0], ends[1])
        _ = fcntl(far, F_SETFL, O_NONBLOCK)
        self.clock = clock
        self.loop = loop
        var faults = SerialBench.Faults()
        faults.echoes = echoes
        state = Mutex(State(bench: SerialBench(model, faults: faults)))
    }

    deinit {
        Glibc.close(near)
        Glibc.close(far)
    }

    private var now: Duration { clock.time }

    /// What is done with light, besides keeping it.
    func onLight(_ body: @escaping @Sendable ([SerialBench.Light]) -> Void) { shone.withLock { $0 = body } }

    /// Shines at the dongle.
    func shine(_ bytes: [UInt8], rate: Int) {
        loop.execute { self.goOn { bench, now in bench.shine(bytes, rate: rate, at: now) } }
    }

    /// All the light that the dongle has sent.
    var light: [SerialBench.Light] { state.withLock { $0.light } }
    func forgetLight() { state.withLock { $0.light = [] } }
    var rate: Int? { state.withLock { $0.bench.model.rate(at: now) } }
    var lines: SerialLines? { state.withLock { $0.bench.lineLog.last } }

    /// Lets the bench catch up, and does something with it; then tells what has happened, and arranges for the next time.
    @discardableResult
    fileprivate func goOn<Result>(_ body: (inout SerialBench, Duration) -> Result) -> Result {
        let now = now
        let (result, light) = state.withLock { state in
            take(into: &state.bench, at: now)
            let result = body(&state.bench, now)
            take(into: &state.bench, at: now)
            let light = state.bench.takeLight()
            state.light += light
            state.alarm?.cancel()
            state.alarm = state.bench.nextMoment.map { next in
                clock.schedule(at: next) { [weak self] in
                    self?.goOn { _, _ in }
                }
            }
            return (result, light)
        }
        if !light.isEmpty { shone.withLock { $0 }(light) }
        return result
    }

    private func take(into bench: inout SerialBench, at now: Duration) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(far, &buffer, buffer.count)
            guard count > 0 else { break }
            bench.write(Array(buffer.prefix(count)), at: now)
        }
        for case .received(let bytes) in bench.advance(to: now) {
            _ = bytes.withUnsafeBytes { write(far, $0.baseAddress, $0.count) }
        }
    }

    fileprivate func makeDataDescriptor() -> CInt { dup(near) }
}

/// Opens a modelled line as the real port opens a real one.
struct ModelledSource: SerialLineSource {
    let model: ModelledLine

    var name: String { "serial:model" }

    func open(
        on loop: any EventLoop, handler: @escaping @Sendable () -> any ChannelHandler & Sendable
    ) -> EventLoopFuture<SerialLine> {
        ClientBootstrap(group: loop)
            .channelInitializer { $0.pipeline.addHandler(handler()) }
            .withConnectedSocket(model.makeDataDescriptor())
            .map { channel in
                SerialLine(channel: channel, controls: ModelledControls(line: model), traits: .uart, hasLines: true)
            }
    }
}

private struct ModelledControls: SerialControls {
    let line: ModelledLine

    func setLines(_ lines: SerialLines) { line.goOn { $0.setLines(lines, at: $1) } }
    func setRate(_ rate: Int) { line.goOn { $0.setHostRate(rate, at: $1) } }
    func discardInput() { line.goOn { $0.discardInput(at: $1) } }
    func heldBytes() -> Int { line.goOn { bench, _ in bench.heldBytes } }
    func counters() -> LineCounters? { nil }
    func close() {}
}
