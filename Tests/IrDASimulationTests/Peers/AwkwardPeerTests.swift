import IrDAProtocol
import IrDASimulation
import TestSupport
import Testing

/// Stations that are awkward in the ways in which real ones are: either all goes well, or the right error comes in time.
@Suite struct AwkwardPeerTests {
    private static let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    private static func room(
        _ behaviours: [AwkwardBehaviour], phone: NegotiationParameters = .standard, seed: UInt64 = 11
    ) throws -> TwoStations {
        var room = TwoStations(seed: seed, phone: phone)
        _ = try room.simulation.offer(.echo, on: room.phone, className: "Echo")
        for behaviour in behaviours { room.simulation.make(room.phone, behaviour) }
        return room
    }

    private static let tolerable: [(name: String, behaviours: [AwkwardBehaviour])] = [
        ("ignores the first SNRM", [.ignoresFirstConnectionRequest]),
        ("ignores the C/R bit", [.ignoresCommandBit]),
        ("leaves REPLY early", [.leavesReplyEarly]),
        ("sends stray frames", [.sendsStrayFrames]),
        ("never refuses", [.neverRefuses(selectors: Set((0...0x6F).map { LSAPSelector(rawValue: $0) }))]),
        ("announces less than it can", [.announces(AwkwardBehaviour.smallest)]),
        ("is deaf for 8 ms, as it has announced", [.isDeafAfterSending(.milliseconds(8))]),
        ("several at once", [.ignoresFirstConnectionRequest, .sendsStrayFrames, .leavesReplyEarly]),
    ]

    @Test("A discovery finds it, a connection comes about, and data goes both ways", arguments: tolerable.indices)
    func tolerated(index: Int) throws {
        var room = try Self.room(Self.tolerable[index].behaviours)
        room.simulation.tell(room.computer) { $0.discover(slots: .one, at: $1) }
        let report = room.wait { if case .discoveryEnded(let report) = $0 { report } else { nil } }
        guard case .found(let records) = report else {
            Issue.record("no discovery: \(Self.tolerable[index].name)")
            return
        }
        #expect(records.map(\.address) == [TwoStations.phoneAddress], "\(Self.tolerable[index].name)")
        let connection = try room.connect(to: .service("Echo")).get()
        let echo = room.exchange(Self.bytes, expecting: Self.bytes.count, on: connection)
        #expect(echo == Self.bytes, "\(Self.tolerable[index].name)")
    }

    @Test("Frames of 64 bytes, one at a time, at 9600 bit/s")
    func smallest() throws {
        var room = try Self.room([], phone: AwkwardBehaviour.smallest)
        let connection = try room.connect(to: .service("Echo")).get()
        #expect(room.exchange(Self.bytes, expecting: Self.bytes.count, on: connection) == Self.bytes)
    }

    @Test("One that says RNR for seconds gets its data when it can take it")
    func busy() throws {
        var room = try Self.room([])
        let connection = try room.connect(to: .service("Echo")).get()
        let rules = room.simulation.make(room.phone, .isBusy)
        let bytes = Self.bytes
        let taken = room.simulation.with(room.computer) { $0.send(bytes, on: connection, at: $1) }
        #expect(taken == bytes.count)
        room.simulation.run(until: room.simulation.now.advanced(by: .seconds(7)))
        #expect(room.simulation.takeEvents().isEmpty)
        #expect(room.simulation.stack(of: room.computer).peer != nil, "a busy peer is no lost one")
        for rule in rules { room.simulation.remove(rule) }
        #expect(difference(room.exchange([], expecting: bytes.count, on: connection), from: bytes) == nil)
    }

    @Test("One that never refuses an unknown LSAP: the watchdog tells, and the link is there for the next")
    func neverRefuses() throws {
        var room = try Self.room([.neverRefuses(selectors: [.ias])])
        let start = room.simulation.now
        // The phone, for which nobody uses the link, may end it before our patience does.
        let reasons: [IrDAEndReason] = [.noResponse, .link(.requested)]
        guard case .failure(let failure) = room.connect(to: .selector(LSAPSelector(rawValue: 0x55))) else {
            Issue.record("nobody is there to connect to")
            return
        }
        #expect(failure.reason.map(reasons.contains) == true, "\(failure)")
        #expect(start.duration(to: room.simulation.now) < .seconds(10))
    }

    @Test(
        "One that falls silent ends the link, at the latest after the disconnect time, and not the program",
        arguments: [1, 3, 5, 9, 14])
    func stops(frames: Int) throws {
        var room = try Self.room([.stops(afterFrames: frames)])
        let start = room.simulation.now
        if case .success(let connection) = room.connect(to: .service("Echo")) {
            let bytes = Self.bytes
            _ = room.simulation.with(room.computer) { $0.send(bytes, on: connection, at: $1) }
            let reason = room.wait { if case .ended(connection, let reason) = $0 { reason } else { nil } }
            #expect(reason == .link(.linkLost), "after \(frames) frames")
        }
        room.simulation.run(until: start.advanced(by: .seconds(55)))
        #expect(room.simulation.stack(of: room.computer).peer == nil)
        #expect(start.duration(to: room.simulation.now) < .seconds(60))
    }

    @Test("One that is deaf for longer than it says loses what it does not hear, and gets it again")
    func liesAboutItsTurnaround() throws {
        var parameters = NegotiationParameters.standard
        parameters.minimumTurnaround = .zero
        // What begins at once is lost; the F-timer's repeat is not.
        var room = try Self.room([.isDeafAfterSending(.milliseconds(2))], phone: parameters)
        let connection = room.connect(to: .service("Echo"))
        guard case .success(let connection) = connection else {
            #expect(room.simulation.stack(of: room.computer).peer == nil, "\(connection)")
            return
        }
        _ = room.exchange([1, 2, 3], expecting: 3, on: connection, patience: .seconds(100))
    }
}
