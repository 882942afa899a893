import Testing

@testable import IrDAProtocol

/// One end of a link that loses nothing: the machine, what is on its way to it, and what its user has seen.
private struct End {
    var lmp = IrLMP()
    var incoming: [[UInt8]] = []
    var timers: [IrLMPTimer: IrDAInstant] = [:]
    /// Connections that a peer wants, and that nobody has answered yet.
    var offered: [LSAPConnectionID] = []
    var known: [LSAPConnectionID] = []
    var ended: [LSAPConnectionID: Int] = [:]
    var wantsLinkDown = false
}

@Suite("IrLMP, both ends")
struct LMPTwoEndsTests {
    private static let addresses = [DeviceAddress(rawValue: 0x1111_1111), DeviceAddress(rawValue: 0x2222_2222)]

    private var ends = [End(), End()]
    private var now = IrDAInstant.start

    @Test(
        "Any order of events: both ends come to know the same connections, in the same mode",
        arguments: 1...150 as ClosedRange<UInt64>)
    func random(_ seed: UInt64) {
        var run = self
        run.play(seed)
    }

    private mutating func play(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for index in 0...1 {
            for selector in 1...4 as ClosedRange<UInt8> {
                _ = ends[index].lmp.register(LSAPSelector(rawValue: selector))
            }
            carryOut(ends[index].lmp.linkConnected(to: Self.addresses[1 - index], at: now), of: index)
        }
        for _ in 0..<300 {
            let index = Int.random(in: 0...1, using: &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 { use(index, &generator) } else { deliver(to: index) }
            now = now.advanced(by: .milliseconds(1))
        }
        // All that is on its way arrives, and whoever was asked answers.
        while ends.contains(where: { !$0.incoming.isEmpty || !$0.offered.isEmpty }) {
            for index in 0...1 {
                deliver(to: index)
                for id in ends[index].offered { carryOut(ends[index].lmp.accept(id), of: index) }
                ends[index].offered = []
            }
        }
        check(seed)
    }

    private func check(_ seed: UInt64) {
        func pairs(_ index: Int) -> Set<[LSAPSelector]> {
            Set(ends[index].lmp.connections.values.map { index == 0 ? [$0.local, $0.remote] : [$0.remote, $0.local] })
        }
        #expect(pairs(0) == pairs(1), "seed \(seed)")
        for end in ends {
            #expect(
                end.lmp.connections.values.allSatisfy { $0.state == .dataTransferReady }, "seed \(seed): \(end.lmp)")
            #expect(end.ended.values.allSatisfy { $0 == 1 }, "seed \(seed): a connection ended twice")
            #expect(end.lmp.accessMode == .multiplexed || isSettled(end.lmp.accessMode), "seed \(seed)")
        }
        let owners = ends.map { end in
            end.lmp.accessMode.owner.flatMap { end.lmp.connections[$0] }.map { [$0.local, $0.remote] }
        }
        #expect(owners[0] == owners[1].map { $0.reversed() }, "seed \(seed): \(owners)")
    }

    private func isSettled(_ mode: AccessModeState) -> Bool { if case .exclusive = mode { true } else { false } }

    private mutating func use(_ index: Int, _ generator: inout SeededGenerator) {
        let id = ends[index].known.randomElement(using: &generator)
        switch (Int.random(in: 0..<8, using: &generator), id) {
        case (0...2, _):
            let selector = LSAPSelector(rawValue: UInt8.random(in: 1...6, using: &generator))
            let (new, actions) = ends[index].lmp.connect(to: selector, of: Self.addresses[1 - index], at: now)
            ends[index].known.append(new)
            carryOut(actions, of: index)
        case (3, let id?):
            carryOut(ends[index].lmp.disconnect(id, at: now), of: index)
            ends[index].offered.removeAll { $0 == id }
        case (4, let id?):
            carryOut(ends[index].lmp.setIdle(Bool.random(using: &generator), id, at: now), of: index)
        case (5, let id?):
            carryOut(ends[index].lmp.send([1, 2], on: id), of: index)
        case (6, let id?):
            carryOut(ends[index].lmp.requestExclusiveMode(for: id, at: now), of: index)
        case (7, let id?):
            carryOut(ends[index].lmp.releaseExclusiveMode(of: id, at: now), of: index)
        default:
            if let id = ends[index].offered.popLast() { carryOut(ends[index].lmp.accept(id), of: index) }
        }
    }

    private mutating func deliver(to index: Int) {
        guard !ends[index].incoming.isEmpty else { return }
        let pdu = ends[index].incoming.removeFirst()
        carryOut(ends[index].lmp.received(pdu, at: now), of: index)
    }

    private mutating func carryOut(_ actions: [IrLMPAction], of index: Int) {
        for action in actions {
            switch action {
            case .send(let pdu), .sendUnitData(let pdu): ends[1 - index].incoming.append(pdu)
            case .setTimer(let timer, let moment): ends[index].timers[timer] = moment
            case .cancelTimer(let timer): ends[index].timers[timer] = nil
            case .indicate(let id, .connectionRequested):
                ends[index].offered.append(id)
                ends[index].known.append(id)
            case .indicate(let id, .disconnected):
                ends[index].ended[id, default: 0] += 1
                ends[index].offered.removeAll { $0 == id }
            case .disconnectLink: ends[index].wantsLinkDown = true
            case .indicate, .indicateConnectionless, .connectLink, .acceptLink: break
            }
        }
    }
}
