import Testing

@testable import IrDAAdapters

/// The bench: what a program's requests meet on their way to a device.
@Suite struct USBBenchTests {
    /// A device that takes every request.
    private struct Obliging: USBAdapterModel {
        var light: [AirLight] = []
        var interface: UInt8 { 3 }
        var endpoints: Set<UInt8> { [0x81, 0x04] }
        mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome { .done([1]) }
        mutating func controlOut(
            _ setup: USBSetup, _ bytes: [UInt8], at now: Duration
        ) -> (outcome: USBOutcome, moment: Duration) { (.done([]), now) }
        mutating func send(
            _ bytes: [UInt8], endsShort: Bool, at now: Duration
        ) -> (outcome: USBOutcome, moment: Duration) { (.done([]), now) }
        mutating func read(at now: Duration) -> [UInt8]? { nil }
        mutating func see(_ light: AirLight, at now: Duration) {}
    }

    private func outcome(_ transfer: USBTransfer) -> USBOutcome? {
        var bench = USBBench(Obliging())
        bench.submit(transfer, limit: .seconds(1), at: .zero)
        guard case .completed(let outcome)? = bench.advance(to: .seconds(1)).first else { return nil }
        return outcome
    }

    @Test(arguments: [
        // The maker's own, whatever it is to.
        (0x40, 9, true), (0xC0, 9, true), (0x41, 9, true), (0xC2, 9, true),
        // To an interface: by the low half of the index.
        (0x21, 3, true), (0x21, 0x0103, true), (0x21, 1, false), (0xA1, 0, false), (0x81, 3, true), (0x81, 1, false),
        // To an endpoint, in either direction.
        (0x22, 0x81, true), (0x22, 1, true), (0x22, 4, true), (0x22, 0x84, true), (0x22, 2, false), (0x22, 0, true),
        // To the device, and to anything else.
        (0x20, 9, true), (0xA0, 9, true), (0x23, 9, true), (0x80, 9, true),
    ])
    func theKernelKeepsRequestsToWhatDoesNotExist(type: UInt8, index: UInt16, isLetThrough: Bool) {
        let setup = USBSetup(type, 9, index: index, length: 1)
        #expect(outcome(.control(setup)) == (isLetThrough ? .done([1]) : .failed))
        #expect(outcome(.controlOut(setup, [0])) == (isLetThrough ? .done([]) : .failed))
    }
}
