import CLinux
import Glibc
import IrDAAdapters
import NIOCore
import SocketBackends
import Synchronization
import SystemPackage

@testable import IrDAStation

/// A pseudo-terminal with a model of a dongle at its other end.
///
/// The port uses the real terminal for bytes and speeds. Pseudo-terminals have no control lines, so changes of these go to the model
/// directly, after the bytes that were written before them.
final class ModelledLine: Sendable {
    let terminal: PseudoTerminal
    private let bench: Mutex<SerialBench>
    private let master: CInt
    private let start = ContinuousClock.now
    private let shone = Mutex<@Sendable ([SerialBench.Light]) -> Void>({ _ in })
    /// All the light that the dongle has sent.
    let light = Mutex<[SerialBench.Light]>([])

    init(_ model: any SerialDongleModel, echoes: Bool = false) throws(SocketError) {
        terminal = try PseudoTerminal(rate: 9600)
        master = try terminal.makeDataDescriptor()
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        var faults = SerialBench.Faults()
        faults.hasWire = false
        faults.echoes = echoes
        bench = Mutex(SerialBench(model, faults: faults))
    }

    deinit {
        terminal.close()
        close(master)
    }

    var now: Duration { ContinuousClock.now - start }

    /// What is done with light, besides keeping it.
    func onLight(_ body: @escaping @Sendable ([SerialBench.Light]) -> Void) {
        shone.withLock { $0 = body }
    }

    /// Lets the model catch up with what was written, and with time.
    func pump() {
        let new = bench.withLock { bench in
            take(from: &bench)
            return bench.takeLight()
        }
        guard !new.isEmpty else { return }
        light.withLock { $0 += new }
        shone.withLock { $0 }(new)
    }

    func setLines(_ lines: SerialLines) {
        pump()
        bench.withLock { $0.setLines(lines, at: now) }
        pump()
    }

    /// Shines at the dongle.
    func shine(_ bytes: [UInt8], rate: Int) {
        pump()
        bench.withLock { $0.shine(bytes, rate: rate, at: now) }
        pump()
    }

    var rate: Int? { bench.withLock { $0.model.rate(at: now) } }
    var lines: SerialLines? { bench.withLock { $0.lineLog.last } }

    private func take(from bench: inout SerialBench) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(master, &buffer, buffer.count)
            guard count > 0 else { break }
            if let rate = terminal.rate, rate != bench.hostRate { bench.setHostRate(rate, at: now) }
            bench.write(Array(buffer.prefix(count)), at: now)
        }
        if let rate = terminal.rate, rate != bench.hostRate { bench.setHostRate(rate, at: now) }
        for case .received(let bytes) in bench.advance(to: now) {
            _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
        }
    }
}

/// Opens a modelled line as the real port opens a real one, but for the control lines.
struct ModelledSource: SerialLineSource {
    let model: ModelledLine
    var isPaced = false

    var name: String { "serial:\(model.terminal.path)" }

    func open(
        on loop: any EventLoop, handler: @escaping @Sendable () -> any ChannelHandler & Sendable
    ) -> EventLoopFuture<SerialLine> {
        do {
            let terminal = try Terminal(path: model.terminal.path, name: name)
            // What the model sends by itself must get out too.
            let pumping = loop.scheduleRepeatedTask(initialDelay: .milliseconds(1), delay: .milliseconds(1)) { _ in
                model.pump()
            }
            return openTerminalChannel(terminal, on: loop, handler).map { channel in
                channel.closeFuture.whenComplete { _ in pumping.cancel() }
                return SerialLine(
                    channel: channel, controls: ModelledControls(terminal: terminal, model: model),
                    traits: SerialPortTraits(
                        draining: .noWire, answerAllowance: .seconds(20), lineLatency: .zero, isPaced: isPaced),
                    hasLines: true)
            }
        } catch {
            return loop.makeFailedFuture(error)
        }
    }
}

private struct ModelledControls: SerialControls {
    let terminal: Terminal
    let model: ModelledLine

    func setLines(_ lines: SerialLines) { model.setLines(lines) }

    func setRate(_ rate: Int) throws(SocketError) {
        model.pump()
        try terminal.setRate(rate)
    }

    func discardInput() throws(SocketError) { try terminal.discardInput() }

    func heldBytes() throws(SocketError) -> Int {
        model.pump()
        return try terminal.heldBytes()
    }

    func counters() -> LineCounters? { terminal.counters() }

    func close() { terminal.close() }
}
