import IrDAProtocol
import IrDASimulation
import Testing

/// How long things take between two stations, beside what was measured between two kernels with 5 ms of turn-around time on a paced line.
@Suite("As quick as a kernel")
struct KernelTimesTests {
    struct Times: Sendable, CustomTestStringConvertible {
        let rate: BaudRate
        /// Seconds; where a range was measured its upper end.
        let firstConnect: Double
        let firstConnectAfterLight: Double
        let nextConnect: Double
        let echo: Double
        /// Bytes a second at the receiver.
        let bulk: Double

        var testDescription: String { "\(rate)" }
    }

    static let measured = [
        Times(
            rate: .rate115200, firstConnect: 0.28, firstConnectAfterLight: 0.71, nextConnect: 0.080, echo: 0.055,
            bulk: 10_900),
        Times(
            rate: .rate57600, firstConnect: 0.31, firstConnectAfterLight: 0.73, nextConnect: 0.095, echo: 0.078,
            bulk: 5_440),
        Times(
            rate: .rate19200, firstConnect: 0.30, firstConnectAfterLight: 0.75, nextConnect: 0.164, echo: 0.172,
            bulk: 1_730),
        Times(
            rate: .rate9600, firstConnect: 0.46, firstConnectAfterLight: 0.86, nextConnect: 0.254, echo: 0.305,
            bulk: 830
        ),
    ]

    private func room(_ rate: BaudRate) throws -> TwoStations {
        var parameters = NegotiationParameters.standard
        parameters.baudRates = [.rate9600, BaudRateSet(rate)]
        parameters.minimumTurnaround = .ms5
        var room = TwoStations(seed: 1, computer: parameters, phone: parameters)
        _ = try room.simulation.offer(.echo, on: room.phone, className: "Echo")
        _ = try room.simulation.offer(.source(bytes: 20_000), on: room.phone, className: "Source")
        return room
    }

    /// Seconds on the medium.
    private func seconds(_ room: inout TwoStations, _ body: (inout TwoStations) throws -> Void) rethrows -> Double {
        let start = room.simulation.now
        try body(&room)
        return start.duration(to: room.simulation.now) / .seconds(1)
    }

    @Test("Connecting by name", arguments: measured)
    func connect(times: Times) throws {
        var room = try room(times.rate)
        // A station that was just switched on has to listen first, as after light: for 560 ms, where the kernel listened for 500.
        let afterLight = try seconds(&room) { _ = try $0.connect(to: .service("Echo")).get() }
        #expect(afterLight <= times.firstConnectAfterLight + 0.06)
        let next = try seconds(&room) { _ = try $0.connect(to: .service("Echo")).get() }
        #expect(next <= times.nextConnect)

        var quiet = try self.room(times.rate)
        quiet.simulation.run(until: .start.advanced(by: .seconds(2)))
        let first = try seconds(&quiet) { _ = try $0.connect(to: .service("Echo")).get() }
        #expect(first <= times.firstConnect)
    }

    @Test("An echo of 100 bytes", arguments: measured)
    func echo(times: Times) throws {
        var room = try room(times.rate)
        let connection = try room.connect(to: .service("Echo")).get()
        let bytes = [UInt8](repeating: 0x55, count: 100)
        // The first frames of a link are careful.
        for _ in 0..<5 { _ = room.exchange(bytes, expecting: 100, on: connection) }
        let time = seconds(&room) { room in
            let answer = room.exchange(bytes, expecting: 100, on: connection)
            #expect(answer == bytes)
        }
        #expect(time <= times.echo)
    }

    @Test("Much data", arguments: measured)
    func bulk(times: Times) throws {
        var room = try room(times.rate)
        let connection = try room.connect(to: .service("Source")).get()
        let time = seconds(&room) { room in
            #expect(room.exchange([], expecting: 20_000, on: connection).count == 20_000)
        }
        #expect(20_000 / time >= times.bulk)
    }
}
