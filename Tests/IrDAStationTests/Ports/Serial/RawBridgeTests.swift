import CLinux
import Glibc
import IrDAAdapters
import NIOCore
import NIOPosix
import SocketBackends
import Synchronization
import TestSupport
import Testing

@testable import IrDAStation

/// Programs on a pseudo-terminal that is bare light.
@Suite struct RawBridgeTests {
    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    @Test func aProgramSpeaksAndHearsAtTheSpeedThatItSets() async throws {
        let clock = try ModelledClock(on: loop)
        let line = try ModelledLine(TekramModel(), clock: clock, on: loop)
        let port = DonglePort(
            ModelledSource(model: line), dongle: TekramIR210B(commandTime: .milliseconds(10)), echo: .match, on: loop,
            clock: clock)
        let notes = Mutex<[String]>([])
        let bridge = try RawBridge(port, rate: 9600) { note in notes.withLock { $0.append(note) } }
        try await bridge.start().get()

        let program = open(bridge.path, O_RDWR | O_NOCTTY | O_NONBLOCK)
        try #require(program >= 0)
        defer { close(program) }
        #expect(clinux_terminal_set_rate(program, 115_200) == 0)
        try await waitUntil("the dongle follows") { line.rate == 115_200 }
        #expect(write(program, [1, 2, 3, 4] as [UInt8], 4) == 4)
        try await waitUntil("light") { line.light.map(\.byte) == [1, 2, 3, 4] }
        line.shine([9, 8, 7], rate: 115_200)
        var buffer = [UInt8](repeating: 0, count: 16)
        var heard: [UInt8] = []
        try await waitUntil("an answer") {
            let count = read(program, &buffer, buffer.count)
            if count > 0 { heard += buffer.prefix(count) }
            return heard == [9, 8, 7]
        }
        #expect(clinux_terminal_set_rate(program, 4800) == 0)
        try await waitUntil("the refusal") {
            notes.withLock { $0 } == [
                "The program wants 4800 bit/s, which this dongle does not have; nothing has changed."
            ]
        }
        try await bridge.stop().get()
        try await waitUntil("the end of the terminal") {
            let count = read(program, &buffer, buffer.count)
            return count == 0 || count < 0 && errno != EAGAIN
        }
    }
}
