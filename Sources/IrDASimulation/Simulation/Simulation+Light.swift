import IrDAProtocol

/// Light that is on, and what becomes of it.
struct Flight: Sendable {
    let light: Medium.Light
    /// The frame that it carries; nil for anything else.
    let frame: [UInt8]?
    /// Whether the next frame of its sender goes when it has ended; a transceiver sees to that itself.
    let isFollowed: Bool
    /// Who saw it begin, and what the rules do to it on its way to them.
    let observers: [(station: StationID, fate: ReceivingFate)]
}

// How frames become light, and light frames.
extension Simulation {
    mutating func transmit(_ frames: [IrLAPTransmission], from station: StationID) {
        guard nodes[station.index].transceiver == nil else {
            transmitByTransceiver(frames, from: station)
            return
        }
        nodes[station.index].outbox = frames[...]
        sendNextFrame(of: station)
    }

    mutating func sendNextFrame(of station: StationID) {
        guard let transmission = nodes[station.index].outbox.popFirst() else {
            transmissionEnded(of: station)
            return
        }
        guard !rules.isEmpty else {
            send(transmission.frame, additionalBOFs: transmission.additionalBOFs, from: station)
            return
        }
        let fate = rules.fate(of: transmission.frame, from: station)
        guard let frame = fate.frame, fate.delay > .zero else {
            send(fate.frame, additionalBOFs: transmission.additionalBOFs, from: station, fate)
            return
        }
        nodes[station.index].held = IrLAPTransmission(frame: frame, additionalBOFs: transmission.additionalBOFs)
        make(.lateFrame(station, nodes[station.index].holdNumber), at: now.advanced(by: fate.delay))
    }

    mutating func lateFrameDue(of station: StationID, _ number: UInt64) {
        guard nodes[station.index].holdNumber == number, let held = nodes[station.index].held.take() else { return }
        send(held.frame, additionalBOFs: held.additionalBOFs, from: station)
    }

    private mutating func send(
        _ frame: IrLAPFrame?, additionalBOFs: Int, from station: StationID, _ fate: SendingFate = SendingFate()
    ) {
        guard let frame else {
            // Nothing leaves; the station does not know, and goes on.
            sendNextFrame(of: station)
            return
        }
        let rate = nodes[station.index].rate
        nodes[station.index].counters.framesSent += 1
        nodes[station.index].counters.bytesSent += UInt64(frame.information.count + 2)
        var bytes: [UInt8]
        let time: Duration
        if rate <= .rate115200 {
            bytes = SIRFramer.encode(frame, additionalBOFs: additionalBOFs)
            if let length = fate.length { bytes = Array(bytes.prefix(length)) }
            bytes += fate.strayBytes
            time = rate.time(forBytes: bytes.count)
        } else {
            bytes = PacketFramer.encode(frame, at: rate)
            time = rate.airTime(ofPacket: bytes.count)
            if let length = fate.length { bytes = Array(bytes.prefix(length)) }
        }
        emit(bytes, for: time, rate: rate, frame: frame.bytes, isFollowed: true, from: station)
    }

    /// Lights up; everybody in range notices at once, and receives when it ends.
    mutating func emit(
        _ bytes: [UInt8], for time: Duration, rate: BaudRate, frame: [UInt8]?, isFollowed: Bool = false,
        from station: StationID
    ) {
        let light = medium.emit(bytes, for: time, rate: rate, from: station, at: now)
        var observers: [(station: StationID, fate: ReceivingFate)] = []
        for observer in medium.observers(of: station) {
            let fate = rules.isEmpty ? ReceivingFate() : fate(of: frame, from: station, at: observer)
            if fate.isDropped { continue }
            observers.append((observer, fate))
            // Adapters report light when it has ended.
            if nodes[observer.index].transceiver == nil { nodes[observer.index].stack.lightSensed(at: now) }
        }
        flights.append(Flight(light: light, frame: frame, isFollowed: isFollowed, observers: observers))
        make(.lightEnds(light.number), at: light.end)
    }

    private mutating func fate(
        of frame: [UInt8]?, from sender: StationID, at observer: StationID
    ) -> ReceivingFate {
        rules.fate(
            of: frame.flatMap(IrLAPFrame.init(bytes:)), from: sender, at: observer,
            sinceOwnLight: nodes[observer.index].lastSending?.duration(to: now))
    }

    mutating func transmissionEnded(of station: StationID) {
        // After its own light a receiver starts afresh.
        nodes[station.index].deframer.reset()
        nodes[station.index].lastSending = now
        carryOut(nodes[station.index].stack.transmissionEnded(at: now), of: station)
    }

    mutating func lightEnded(_ number: UInt64) {
        guard let index = flights.firstIndex(where: { $0.light.number == number }) else { return }
        let flight = flights.remove(at: index)
        let light = flight.light
        if light.sender == observedStation, let frame = flight.frame {
            observed.append(ObservedFrame(moment: light.start, direction: .sent, bytes: frame))
        }
        // Whoever has said all it wants to say listens again before anybody can answer.
        let isLast = flight.isFollowed && nodes[light.sender.index].outbox.isEmpty
        if isLast { sendNextFrame(of: light.sender) }
        let stillSeeing = medium.observers(of: light.sender)
        for (observer, fate) in flight.observers {
            guard stillSeeing.contains(observer) else {
                // One of the two was carried away, and the end of the frame is missing.
                if nodes[observer.index].transceiver == nil { receiveGarbage(at: observer) }
                continue
            }
            receive(light, fate, by: observer)
        }
        medium.forgetPast(at: now)
        if !isLast && flight.isFollowed { sendNextFrame(of: light.sender) }
    }

    private mutating func receive(_ light: Medium.Light, _ fate: ReceivingFate, by observer: StationID) {
        let isIdeal = nodes[observer.index].transceiver == nil
        guard
            let bytes = medium.reception(
                // What an adapter makes of light at another rate is its own business.
                of: light, by: observer, listeningAt: isIdeal ? nodes[observer.index].rate : light.rate,
                sunlight: fate.sunlight, flippedBits: fate.flippedBits)
        else { return }
        guard isIdeal else {
            nodes[observer.index].transceiver?.see(bytes, at: light.rate, since: light.start, now: now)
            attendTransceiver(of: observer)
            return
        }
        receive(bytes, at: light.rate, by: observer, rewriting: fate.rewrite)
    }

    private mutating func receive(
        _ bytes: [UInt8], at rate: BaudRate, by station: StationID, rewriting rewrite: MediumRule.Rewriting?
    ) {
        guard rate <= .rate115200 else {
            if rate == nodes[station.index].rate, let frame = PacketFramer.decode(bytes, at: rate) {
                receive(frame: frame, by: station, rewriting: rewrite)
            } else {
                receiveGarbage(at: station)
            }
            return
        }
        let heard = nodes[station.index].deframer.receive(bytes)
        // Light without even the beginning of a frame.
        if heard.isEmpty { receiveGarbage(at: station) }
        // Light at another speed is garbage from the first byte to the last; to know so once is enough.
        var isGarbage = false
        for event in heard {
            switch event {
            case .frame(let frame):
                receive(frame: frame, by: station, rewriting: rewrite)
                isGarbage = false
            case .garbage(let kind) where isGarbage:
                nodes[station.index].counters.note(kind)
            case .garbage(let kind):
                receiveGarbage(kind, at: station)
                isGarbage = true
            }
        }
    }

    mutating func receive(
        frame bytes: [UInt8], by station: StationID, rewriting rewrite: MediumRule.Rewriting? = nil
    ) {
        var bytes = bytes
        if let rewrite, let frame = IrLAPFrame(bytes: bytes) {
            guard let other = rewrite(frame) else { return }
            bytes = other.bytes
        }
        if station == observedStation {
            observed.append(ObservedFrame(moment: now, direction: .received, bytes: bytes))
        }
        nodes[station.index].counters.framesReceived += 1
        nodes[station.index].counters.bytesReceived += UInt64(bytes.count)
        carryOut(nodes[station.index].stack.received(bytes, at: now), of: station)
    }

    mutating func receiveGarbage(_ kind: SIRDeframer.Garbage = .strayByte, at station: StationID) {
        nodes[station.index].counters.note(kind)
        nodes[station.index].stack.receivedGarbage(at: now)
    }
}
