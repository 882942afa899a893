import Testing

@testable import IrDAProtocol

extension InformationTransfer {
    /// The frames of one turn, and whether an S frame has to follow.
    fileprivate mutating func burst(address: IrLAPAddress) -> (frames: [IrLAPFrame], needsSupervisory: Bool) {
        var turn: [IrLAPTransmission] = []
        let needsSupervisory = fill(&turn, address: address, additionalBOFs: 0)
        return (turn.map(\.frame), needsSupervisory)
    }

    fileprivate mutating func acknowledge(_ nr: UInt8) -> Acknowledgement {
        var pool = BufferPool()
        return acknowledge(nr, &pool)
    }
}

/// Numbers, windows and the line capacity (IrLAP 1.1, 5.5, 6.6.6 and 6.6.11).
@Suite struct InformationTransferTests {
    private static let address = IrLAPAddress(byte: 0x54)

    /// A link at 115200 bit/s, or another rate, whose peer takes so many frames a turn.
    private static func parameters(
        window: Int = 7, rate: BaudRate = .rate115200, dataSize: DataSize = .bytes2048,
        maximumTurnaround: MaximumTurnaround = .ms500, additionalBOFs: AdditionalBOFs = .bofs0,
        minimumTurnaround: MinimumTurnaround = .zero
    ) -> LinkParameters {
        let station = NegotiationParameters(
            baudRates: [.rate9600, BaudRateSet(rate)], maximumTurnaround: maximumTurnaround, dataSize: dataSize,
            windowSize: window, additionalBOFs: additionalBOFs, minimumTurnaround: minimumTurnaround,
            disconnectTimes: .all)
        return .negotiate(own: station, peer: station)
    }

    private func transfer(
        _ informations: [[UInt8]], _ parameters: LinkParameters = parameters()
    ) -> InformationTransfer {
        var transfer = InformationTransfer(parameters)
        for information in informations { transfer.enqueue(information) }
        return transfer
    }

    /// The I frames of a turn.
    private func burst(_ transfer: inout InformationTransfer) -> [IrLAPFrame] {
        transfer.burst(address: Self.address).frames
    }

    @Test("IrLAP 1.1, 6.6.6: a turn has at most as many frames as the window", arguments: 1...7)
    func window(size: Int) {
        var transfer = transfer((0..<20).map { [UInt8($0)] }, Self.parameters(window: size))
        var sent: [UInt8] = []
        var number: UInt8 = 0
        while !transfer.isDrained {
            let frames = burst(&transfer)
            #expect(frames.count == min(size, 20 - sent.count))
            for frame in frames {
                #expect(frame.control == .information(ns: number, nr: 0, pollFinal: false), "numbers count modulo 8")
                sent += frame.information
                number = (number + 1) % 8
            }
            #expect(transfer.acknowledge(number) == .expected)
        }
        #expect(sent == Array(0..<20))
    }

    @Test("IrLAP 1.1, 5.5: what the peer acknowledges makes room; nothing goes while the window is full")
    func fullWindow() {
        var transfer = transfer((0..<10).map { [UInt8($0)] }, Self.parameters(window: 3))
        #expect(burst(&transfer).count == 3)
        #expect(burst(&transfer) == [])
        #expect(transfer.acknowledge(2) == .unexpected)
        #expect(burst(&transfer).map(\.information) == [[3], [4]])
    }

    @Test(
        "IrLAP 1.1, 6.12.3.4: Nr is expected, unexpected or invalid, whatever Va is", arguments: 0..<8 as Range<UInt8>)
    func classes(va: UInt8) {
        for unacknowledged in 0...7 as ClosedRange<UInt8> {
            for nr in 0..<8 as Range<UInt8> {
                var transfer = transfer([], Self.parameters())
                for number in 0..<va {
                    transfer.enqueue([number])
                    _ = burst(&transfer)
                    #expect(transfer.acknowledge(transfer.vs) == .expected)
                }
                for number in 0..<unacknowledged { transfer.enqueue([number]) }
                _ = burst(&transfer)
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
        _ = burst(&transfer)
        transfer.enqueue([3])
        #expect(transfer.accept(ns: 0) == true)
        #expect(transfer.acknowledge(1) == .unexpected)
        transfer.resendUnacknowledged()
        let frames = burst(&transfer)
        #expect(
            frames.map(\.control) == [
                .information(ns: 1, nr: 1, pollFinal: false), .information(ns: 2, nr: 1, pollFinal: false),
                .information(ns: 3, nr: 1, pollFinal: false),
            ])
        #expect(frames.map(\.information) == [[1], [2], [3]])
    }

    @Test("IrLAP 1.1, 5.5: a resend over the wrap of the numbers keeps them")
    func resendOverTheWrap() {
        var transfer = transfer((0..<6).map { [UInt8($0)] })
        _ = burst(&transfer)
        #expect(transfer.acknowledge(6) == .expected)
        for number in 6..<9 as Range<UInt8> { transfer.enqueue([number]) }
        _ = burst(&transfer)
        #expect(transfer.acknowledge(7) == .unexpected)
        transfer.resendUnacknowledged()
        #expect(
            burst(&transfer).map(\.control) == [
                .information(ns: 7, nr: 0, pollFinal: false), .information(ns: 0, nr: 0, pollFinal: false),
            ])
    }

    @Test("IrLAP 1.1, 6.12.3.1: SREJ has one frame sent again, under its number; then the others go on")
    func selectiveResend() {
        var transfer = transfer((0..<4).map { [UInt8($0)] }, Self.parameters(window: 3))
        _ = burst(&transfer)
        #expect(transfer.acknowledge(1) == .unexpected)
        transfer.resendFirst()
        #expect(burst(&transfer).map(\.control) == [.information(ns: 1, nr: 0, pollFinal: false)])
        #expect(transfer.acknowledge(3) == .expected)
        #expect(burst(&transfer).map(\.information) == [[3]])
    }

    @Test("IrLAP 1.1, 6.12.3.1: a frame that SREJ asked for and that is then acknowledged does not go again")
    func selectiveResendOvertaken() {
        var transfer = transfer((0..<3).map { [UInt8($0)] }, Self.parameters(window: 2))
        _ = burst(&transfer)
        transfer.resendFirst()
        #expect(transfer.acknowledge(1) == .unexpected)
        #expect(burst(&transfer).map(\.control) == [.information(ns: 2, nr: 0, pollFinal: false)])
        transfer.resendFirst()
        #expect(transfer.acknowledge(3) == .expected)
        #expect(transfer.isDrained && transfer.room != nil)
        transfer.enqueue([3])
        #expect(burst(&transfer).map(\.control) == [.information(ns: 3, nr: 0, pollFinal: false)])
        #expect(transfer.acknowledge(4) == .expected)
    }

    @Test("IrLAP 1.1, 5.5: only the frame with Ns = Vr is taken", arguments: 0..<8 as Range<UInt8>)
    func sequence(ns: UInt8) {
        var transfer = transfer([])
        for number in 0..<5 as Range<UInt8> { #expect(transfer.accept(ns: number) == true) }
        #expect(transfer.accept(ns: ns) == (ns == 5))
        #expect(transfer.vr == (ns == 5 ? 6 : 5))
    }

    @Test(
        "IrLAP 1.1, 6.6.11: a turn stays below the line capacity, fillers and turn-around time included",
        arguments: [
            // Bytes a frame, fillers, turn-around time, frames in a turn at 115200 bit/s (4800 bytes).
            (2048, AdditionalBOFs.bofs0, MinimumTurnaround.zero, 2), (1593, .bofs0, .zero, 3), (1594, .bofs0, .zero, 2),
            (1545, .bofs48, .zero, 3), (1546, .bofs48, .zero, 2), (1555, .bofs0, .ms10, 3), (1556, .bofs0, .ms10, 2),
            (512, .bofs0, .zero, 7), (64, .bofs48, .ms10, 7),
        ])
    func capacity(size: Int, fillers: AdditionalBOFs, turnaround: MinimumTurnaround, count: Int) {
        var transfer = transfer(
            Array(repeating: Array(repeating: 0x55, count: size), count: 10),
            Self.parameters(additionalBOFs: fillers, minimumTurnaround: turnaround))
        #expect(burst(&transfer).count == count)
    }

    @Test(
        "IrLAP 1.1, 6.13 rule 4: no turn is longer than the peer allows, whatever has to be escaped",
        arguments: MaximumTurnaround.allCases, [0x55 as UInt8, 0x7D, 0xC0])
    func time(turnaround: MaximumTurnaround, byte: UInt8) {
        let parameters = Self.parameters(maximumTurnaround: turnaround, minimumTurnaround: .ms10)
        var transfer = transfer([], parameters)
        var characters = 0
        // The first turns of a link are careful.
        for _ in 0..<6 {
            while let room = transfer.room {
                let data = Array(repeating: byte, count: 3000)
                transfer.enqueue(Array(data.prefix(room.prefixLength(of: data))))
            }
            characters = burst(&transfer).reduce(0) { $0 + SIRFramer.encodedLength($1.bytes, additionalBOFs: 0) }
            _ = transfer.acknowledge(transfer.vs)
            transfer.turnReturned()
        }
        let time = BaudRate.rate115200.time(forBytes: characters) + .milliseconds(10)
        #expect(time < turnaround.duration)
        // Of ordinary bytes the capacity leaves room for escapes; of the others the time is the limit.
        #expect(time > turnaround.duration * (byte == 0x55 ? 0.75 : 0.9))
    }

    @Test(
        "IrLAP 1.1, 6.6.11: the last frame of a turn fills it", arguments: [BaudRate.rate9600, .rate38400, .rate115200])
    func filled(rate: BaudRate) {
        let parameters = Self.parameters(rate: rate, minimumTurnaround: .ms10)
        var transfer = transfer([], parameters)
        var turns = 0
        var used = 0
        // The first turns of a link are careful.
        while turns < 6 {
            while let room = transfer.room { transfer.enqueue(Array(repeating: 0x55, count: room.bytes)) }
            let frames = burst(&transfer)
            used = frames.reduce(0) { $0 + $1.information.count + 6 }
            _ = transfer.acknowledge(transfer.vs)
            transfer.turnReturned()
            turns += 1
        }
        #expect(used == parameters.transmit.lineCapacity - 1 - parameters.transmit.turnaroundBytes)
    }

    @Test("One frame always goes, however small the capacity")
    func oneFrame() {
        var transfer = transfer(
            [Array(repeating: 0x7D, count: 2048), [1]], Self.parameters(maximumTurnaround: .ms50))
        #expect(burst(&transfer).count == 1)
    }

    @Test("A link with errors gets shorter frames, and a turn that ends with RR; a clean one grows them again")
    func adaptation() {
        var transfer = transfer([], Self.parameters())
        func turn(losing: Bool) -> Int {
            while let room = transfer.room { transfer.enqueue(Array(repeating: 0x55, count: room.bytes)) }
            let burst = transfer.burst(address: Self.address)
            let nr = losing ? (transfer.vs &- UInt8(burst.frames.count)) & 7 : transfer.vs
            let acknowledgement = transfer.acknowledge(nr)
            transfer.turnReturned()
            if acknowledgement == .unexpected { transfer.resendUnacknowledged() }
            return transfer.preferredSize
        }
        for _ in 0..<4 { _ = turn(losing: false) }
        #expect(turn(losing: false) == 2048)
        for _ in 0..<20 { _ = turn(losing: true) }
        #expect(transfer.preferredSize < 256)
        _ = turn(losing: false)
        transfer.enqueue([1])
        #expect(transfer.burst(address: Self.address).needsSupervisory)
        _ = transfer.acknowledge(transfer.vs)
        var turns = 0
        while transfer.preferredSize < 2048, turns < 2000 {
            _ = turn(losing: false)
            turns += 1
        }
        #expect(transfer.preferredSize == 2048)
    }

    @Test(
        "IrLAP 1.1, 6.12.3.4: a busy peer gets no I frames, but UI frames; RR follows if there is something to acknowledge"
    )
    func unitData() {
        var transfer = transfer([[1]])
        transfer.remoteBusy = true
        #expect(burst(&transfer) == [])
        #expect(transfer.enqueueUnitData([9]) == true)
        var turn = transfer.burst(address: Self.address)
        #expect(turn.frames.map(\.control) == [.unnumbered(.unnumberedInformation, pollFinal: false)])
        #expect(!turn.needsSupervisory)
        _ = transfer.accept(ns: 0)
        _ = transfer.enqueueUnitData([9])
        turn = transfer.burst(address: Self.address)
        #expect(turn.frames.count == 1 && turn.needsSupervisory)
    }
}
