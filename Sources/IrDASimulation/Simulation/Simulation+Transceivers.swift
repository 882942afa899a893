import IrDAProtocol

// Stations behind an adapter.
extension Simulation {
    mutating func transmitByTransceiver(_ frames: [IrLAPTransmission], from station: StationID) {
        let turnaround = nodes[station.index].turnaround
        nodes[station.index].turnaround = .zero
        nodes[station.index].counters.framesSent += UInt64(frames.count)
        nodes[station.index].counters.bytesSent += frames.reduce(0) { $0 + UInt64($1.frame.information.count + 2) }
        nodes[station.index].transceiver?.transmit(frames, keeping: turnaround, at: now)
        attendTransceiver(of: station)
    }

    /// Lets a transceiver catch up, deals with what has happened in it, and arranges for the next time.
    mutating func attendTransceiver(of station: StationID) {
        // Out of the station meanwhile, so that it is not copied.
        guard var transceiver = nodes[station.index].transceiver.take() else { return }
        let events = transceiver.advance(to: now)
        let next = transceiver.nextMoment.map { max($0, now) }
        nodes[station.index].transceiver = transceiver
        if next != nodes[station.index].transceiverMoment || next == now {
            nodes[station.index].transceiverMoment = next
            if let next { make(.transceiver(station, next), at: next) }
        }
        for event in events { happened(event, inTransceiverOf: station) }
    }

    private mutating func happened(_ event: TransceiverEvent, inTransceiverOf station: StationID) {
        switch event {
        case .shines(let bytes, let rate, let time):
            emit(bytes, for: time, rate: rate, frame: Self.frame(in: bytes, at: rate), from: station)
        case .received(let frame): receive(frame: frame, by: station)
        case .garbage: receiveGarbage(at: station)
        case .transmitted: transmissionEnded(of: station)
        }
    }

    private static func frame(in bytes: [UInt8], at rate: BaudRate) -> [UInt8]? {
        guard rate <= .rate115200 else { return PacketFramer.decode(bytes, at: rate) }
        var deframer = SIRDeframer()
        for case .frame(let frame) in deframer.receive(bytes) { return frame }
        return nil
    }
}
