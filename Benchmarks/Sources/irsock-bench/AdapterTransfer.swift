import IrDAAdapters
import IrDAProtocol
import IrDASimulation
import IrDAStation

/// How near a link through the driver of a USB adapter, and a model of its hardware, comes to what the rules of IrLAP allow.
///
/// Seven frames of 2048 bytes in a turn, or fewer where the adapter hears fewer, at its fastest speed; an ideal station is at the other
/// end. What the drivers lose is the time of the bus: answers are fetched late, and the light's end is asked for.
struct AdapterTransfer: Benchmark {
    let example: USBAdapterExample

    static let all: [any Benchmark] = USBAdapterExample.all.map { Self(example: $0) }

    var name: String { "adapter \(example.kind)" }

    func run(report: (Figure) -> Void) throws {
        let capabilities = AdapterTransceiver.capabilities(of: example)
        let fastest = capabilities.rates.highest ?? .rate9600
        var adapter = NegotiationParameters.unlimited.limited(to: capabilities)
        adapter.baudRates = [.rate9600, BaudRateSet(fastest)]
        var ideal = NegotiationParameters.unlimited
        ideal.baudRates = adapter.baudRates
        let transceiver = AdapterTransceiver(example)
        try measure(
            "sends", Room(computer: adapter, behind: transceiver, phone: ideal, behind: nil),
            BulkLimit(of: .negotiate(own: adapter, peer: ideal)).withoutErrors * example.lightShare, at: fastest, report
        )
        try measure(
            "hears", Room(computer: ideal, behind: nil, phone: adapter, behind: transceiver),
            BulkLimit(of: .negotiate(own: ideal, peer: adapter)).withoutErrors * example.hearingShare, at: fastest,
            report)
    }

    private func measure(
        _ what: String, _ room: Room, _ limit: Double, at rate: BaudRate, _ report: (Figure) -> Void
    ) throws {
        var room = room
        _ = try room.simulation.offer(.program(""), on: room.phone, className: "Bulk")
        let connection = try room.connect(to: "Bulk")
        var generator = SeededGenerator(seed: 1)
        let size = rate > .rate115200 ? 4_000_000 : 400_000
        let throughput = try room.throughput(of: generator.bytes(size), over: connection)
        report(
            Figure(
                "\(name) \(what) at \(rate)", throughput, "bit/s", comparedWith: limit,
                called: "what the rules and its hardware allow", bound: .atLeast(97)))
    }
}
