import Testing

@testable import IrDAProtocol

/// Numbers, windows and the line capacity (IrLAP 1.1, 5.5, 6.6.6 and 6.6.11).
@Suite struct InformationTransferTests {
    private static let address = IrLAPAddress(byte: 0x54)

    private static func limits(window: Int, capacity: Int = 4800) -> LinkParameters.Direction {
        LinkParameters.Direction(
            dataSize: 2048, windowSize: window, capacityWindow: window, additionalBOFs: .bofs0,
            minimumTurnaround: .zero, maximumTurnaround: .milliseconds(500), lineCapacity: capacity)
    }

    private func transfer(_ informations: [[UInt8]]) -> InformationTransfer {
        var transfer = InformationTransfer()
        for information in informations { transfer.enqueue(information) }
        return transfer
    }

    @Test("IrLAP 1.1, 6.6.6: a turn has at most as many frames as the window, only the last with P/F", arguments: 1...7)
    func window(size: Int) {
        var transfer = transfer((0..<20).map { [UInt8($0)] })
        var sent: [UInt8] = []
        var number: UInt8 = 0
        while !transfer.isDrained {
            let frames = transfer.burst(address: Self.address, limits: Self.limits(window: size), additionalBOFs: 0)
            #expect(frames.count == min(size, 20 - sent.count))
            for (index, frame) in frames.enumerated() {
                #expect(
                    frame.control == .information(ns: number, nr: 0, pollFinal: index == frames.count - 1),
                    "numbers count modulo 8")
                sent += frame.information
                number = (number + 1) % 8
            }
            #expect(transfer.acknowledge(number) == .expected)
        }
        #expect(sent == Array(0..<20))
    }

    @Test("IrLAP 1.1, 5.5: what the peer acknowledges makes room; nothing goes while the window is full")
    func fullWindow() {
        var transfer = transfer((0..<10).map { [UInt8($0)] })
        let limits = Self.limits(window: 3)
        #expect(transfer.burst(address: Self.address, limits: limits, additionalBOFs: 0).count == 3)
        #expect(transfer.burst(address: Self.address, limits: limits, additionalBOFs: 0) == [])
        #expect(transfer.acknowledge(2) == .unexpected)
        let more = transfer.burst(address: Self.address, limits: limits, additionalBOFs: 0)
        #expect(more.map(\.information) == [[3], [4]])
    }

    @Test(
        "IrLAP 1.1, 6.12.3.4: Nr is expected, unexpected or invalid, whatever Va is", arguments: 0..<8 as Range<UInt8>)
    func classes(va: UInt8) {
        for unacknowledged in 0...7 as ClosedRange<UInt8> {
            for nr in 0..<8 as Range<UInt8> {
                var transfer = transfer((0..<Int(va + unacknowledged)).map { [UInt8($0)] })
                for _ in 0..<va {
                    _ = transfer.burst(address: Self.address, limits: Self.limits(window: 1), additionalBOFs: 0)
                    #expect(transfer.acknowledge(transfer.vs) == .expected)
                }
                _ = transfer.burst(address: Self.address, limits: Self.limits(window: 7), additionalBOFs: 0)
                let distance = (nr &- va) & 7
                let wanted: InformationTransfer.Acknowledgement =
                    distance == unacknowledged ? .expected : distance < unacknowledged ? .unexpected : .invalid
                #expect(transfer.acknowledge(nr) == wanted, "Va \(va), \(unacknowledged) unacknowledged, Nr \(nr)")
            }
        }
    }

    @Test("IrLAP 1.1, 6.12.3.5: frames go again under their old numbers with the Nr of now, and new ones may follow")
    func resend() {
        var transfer = transfer([[0], [1], [2]])
        let limits = Self.limits(window: 7)
        _ = transfer.burst(address: Self.address, limits: limits, additionalBOFs: 0)
        transfer.enqueue([3])
        #expect(transfer.accept(ns: 0) == true)
        #expect(transfer.acknowledge(1) == .unexpected)
        transfer.resendUnacknowledged()
        let frames = transfer.burst(address: Self.address, limits: limits, additionalBOFs: 0)
        #expect(
            frames.map(\.control) == [
                .information(ns: 1, nr: 1, pollFinal: false), .information(ns: 2, nr: 1, pollFinal: false),
                .information(ns: 3, nr: 1, pollFinal: true),
            ])
        #expect(frames.map(\.information) == [[1], [2], [3]])
    }

    @Test("IrLAP 1.1, 5.5: a resend over the wrap of the numbers keeps them")
    func resendOverTheWrap() {
        var transfer = transfer((0..<9).map { [UInt8($0)] })
        _ = transfer.burst(address: Self.address, limits: Self.limits(window: 6), additionalBOFs: 0)
        #expect(transfer.acknowledge(6) == .expected)
        _ = transfer.burst(address: Self.address, limits: Self.limits(window: 7), additionalBOFs: 0)
        #expect(transfer.acknowledge(7) == .unexpected)
        transfer.resendUnacknowledged()
        let frames = transfer.burst(address: Self.address, limits: Self.limits(window: 7), additionalBOFs: 0)
        #expect(
            frames.map(\.control) == [
                .information(ns: 7, nr: 0, pollFinal: false), .information(ns: 0, nr: 0, pollFinal: true),
            ])
    }

    @Test("IrLAP 1.1, 5.5: only the frame with Ns = Vr is taken", arguments: 0..<8 as Range<UInt8>)
    func sequence(ns: UInt8) {
        var transfer = InformationTransfer()
        for number in 0..<5 as Range<UInt8> { #expect(transfer.accept(ns: number) == true) }
        #expect(transfer.accept(ns: ns) == (ns == 5))
        #expect(transfer.vr == (ns == 5 ? 6 : 5))
    }

    @Test(
        "IrLAP 1.1, 6.6.11: a turn stays below the line capacity, counted in characters on the air",
        arguments: [
            // Byte, bytes a frame, fillers a frame, frames in a turn at 115200 bit/s (4800 characters).
            (0x55 as UInt8, 2048, 0, 2), (0x7D, 2048, 0, 1), (0x7D, 1024, 0, 2), (0x55, 1024, 0, 4),
            (0x55, 1024, 200, 3),
            (0x55, 512, 0, 7), (0x7D, 512, 0, 4), (0x55, 64, 0, 7),
        ])
    func capacity(byte: UInt8, size: Int, fillers: Int, count: Int) {
        var transfer = transfer(Array(repeating: Array(repeating: byte, count: size), count: 10))
        let frames = transfer.burst(address: Self.address, limits: Self.limits(window: 7), additionalBOFs: fillers)
        #expect(frames.count == count)
        #expect(frames.map { SIRFramer.encodedLength($0.bytes, additionalBOFs: fillers) }.reduce(0, +) < 4800)
    }

    @Test("IrLAP 1.1, 6.6.11: the turn must be shorter than the capacity, not as long", arguments: [0, 1])
    func strictlyLess(spare: Int) {
        let information = [[UInt8]](repeating: Array(repeating: 0x55, count: 100), count: 2)
        var whole = transfer(information)
        let length = whole.burst(address: Self.address, limits: Self.limits(window: 7), additionalBOFs: 0)
            .map { SIRFramer.encodedLength($0.bytes, additionalBOFs: 0) }.reduce(0, +)
        var tight = transfer(information)
        let frames = tight.burst(
            address: Self.address, limits: Self.limits(window: 7, capacity: length + spare), additionalBOFs: 0)
        #expect(frames.count == 1 + spare)
    }

    @Test("One frame always goes, however small the capacity")
    func oneFrame() {
        var transfer = transfer([Array(repeating: 0x7D, count: 2048), [1]])
        let frames = transfer.burst(
            address: Self.address, limits: Self.limits(window: 7, capacity: 400), additionalBOFs: 0)
        #expect(frames.count == 1 && frames[0].control.pollFinal)
    }
}
