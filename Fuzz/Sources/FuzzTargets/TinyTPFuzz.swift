import IrDAProtocol

/// A TinyTP connection whose peer says anything; then two that mean well, in whatever order things happen.
func fuzzTinyTP(_ bytes: [UInt8]) {
    fuzzTinyTPPeer(bytes)
    var pair = TinyTPPair(bytes)
    pair.run()
}

private func someMachine(_ input: inout FuzzInput) -> TinyTP {
    let choices = input.byte()
    return TinyTP(
        receiveBuffers: input.number(below: 40), initialCredit: input.number(below: 140),
        keepsBoundaries: choices & 1 != 0, maximumSDUSize: choices & 2 != 0 ? UInt32(input.byte()) * 16 : nil)
}

private func fuzzTinyTPPeer(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    var machine = someMachine(&input)
    let buffers = machine.available
    var isOpen = true
    while !input.isEmpty && isOpen {
        switch input.number(below: 6) {
        case 0: _ = machine.connectPDU()
        case 1:
            guard let pdu = TinyTPConnectPDU(bytes: input.take(input.number(below: 12))) else { break }
            machine.peerConnected(pdu, segmentSize: 1 + input.number(below: 200))
        case 2: machine.queue(input.take(min(machine.sendRoom, input.number(below: 250))))
        case 3: while machine.nextPDU() != nil {}
        case 4: machine.consumed(input.number(below: 5))
        default:
            guard let pdu = TinyTPDataPDU(bytes: input.take(input.number(below: 30))) else { break }
            do throws(TinyTPViolation) {
                let delivery = try machine.receive(pdu)
                require(delivery?.bytes.isEmpty != true, "a delivery of nothing")
            } catch {
                isOpen = false
            }
        }
        require(machine.credits >= 0 && (0...127).contains(machine.peerCredits), "credit that cannot be")
        require((0...buffers).contains(machine.available), "buffers that cannot be")
    }
}

/// Two ends, and what is on its way between them.
private struct TinyTPPair {
    private var input: FuzzInput
    private var ends: [TinyTP]
    private var onTheWay: [[TinyTPDataPDU]] = [[], []]
    private var held = [0, 0]
    private var sent: [[UInt8]] = [[], []]
    private var received: [[UInt8]] = [[], []]
    private var next = UInt8(0)

    init(_ bytes: [UInt8]) {
        input = FuzzInput(bytes)
        ends = [someMachine(&input), someMachine(&input)]
        let request = ends[0].connectPDU()
        ends[1].peerConnected(request, segmentSize: 61)
        let confirm = ends[1].connectPDU()
        ends[0].peerConnected(confirm, segmentSize: 61)
    }

    mutating func run() {
        while !input.isEmpty {
            let end = input.number(below: 2)
            switch input.number(below: 4) {
            case 0: queue(input.number(below: 250), at: end)
            case 1: send(from: end)
            case 2: receive(at: end)
            default: consume(input.number(below: 4), at: end)
            }
        }
        for _ in 0..<20_000 {
            if onTheWay[0].isEmpty && onTheWay[1].isEmpty && !ends[0].hasPDU && !ends[1].hasPDU { break }
            for end in 0..<2 {
                send(from: end)
                receive(at: end)
                consume(.max, at: end)
            }
        }
        require(sent == received, "data that is lost, doubled or disordered, or an end that waits for ever")
    }

    private mutating func queue(_ count: Int, at end: Int) {
        let count = min(count, ends[end].sendRoom, ends[end].sendableSDU)
        let bytes = (0..<count).map { _ in
            next &+= 1
            return next
        }
        ends[end].queue(bytes)
        sent[end] += bytes
    }

    private mutating func send(from end: Int) {
        guard let pdu = ends[end].nextPDU() else { return }
        // As it travels.
        guard let read = TinyTPDataPDU(bytes: pdu.bytes) else { return require(false, "a PDU that cannot be read") }
        onTheWay[1 - end].append(read)
    }

    private mutating func receive(at end: Int) {
        guard !onTheWay[end].isEmpty else { return }
        do throws(TinyTPViolation) {
            guard let delivery = try ends[end].receive(onTheWay[end].removeFirst()) else { return }
            require(!delivery.isTruncated, "a message that is longer than was announced")
            held[end] += 1
            received[1 - end] += delivery.bytes
        } catch {
            require(false, "data without credit")
        }
    }

    private mutating func consume(_ units: Int, at end: Int) {
        let units = min(units, held[end])
        held[end] -= units
        ends[end].consumed(units)
    }
}
