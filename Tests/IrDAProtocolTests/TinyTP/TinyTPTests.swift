import IrDAProtocol
import Testing

extension TinyTP {
    /// Takes a PDU and sends whatever may go; what is delivered and what goes out.
    mutating func take(_ pdu: TinyTPDataPDU) throws(TinyTPViolation) -> (delivered: [UInt8], send: [TinyTPDataPDU]) {
        let delivery = try receive(pdu)
        return (delivery?.bytes ?? [], flush())
    }

    /// Notes that the user has taken something and sends whatever may go.
    mutating func take(consumed units: Int) -> [TinyTPDataPDU] {
        consumed(units)
        return flush()
    }
}

@Suite("TinyTP credit")
struct TinyTPTests {
    /// A connection whose peer gave `credit` and takes segments of `segmentSize`.
    private func connected(
        credit: UInt8, segmentSize: Int = 10, receiveBuffers: Int = 28, initialCredit: Int = 14
    ) -> TinyTP {
        var tinyTP = TinyTP(receiveBuffers: receiveBuffers, initialCredit: initialCredit)
        _ = tinyTP.connectPDU()
        tinyTP.peerConnected(TinyTPConnectPDU(credit: credit), segmentSize: segmentSize)
        return tinyTP
    }

    @Test("The connect PDU promises the initial credit once")
    func connect() {
        var tinyTP = TinyTP()
        #expect(tinyTP.available == 28 && tinyTP.peerCredits == 0 && tinyTP.credits == 0)
        #expect(tinyTP.connectPDU() == TinyTPConnectPDU(credit: 14))
        #expect(tinyTP.connectPDU() == TinyTPConnectPDU(credit: 14))
        #expect(tinyTP.available == 14 && tinyTP.peerCredits == 14)
        tinyTP.peerConnected(TinyTPConnectPDU(credit: 16), segmentSize: 2045)
        #expect(tinyTP.credits == 16 && tinyTP.sendRoom == 16 * 2045)
    }

    @Test(
        "Odd configurations are brought into range",
        arguments: [(0, 0, 0), (-5, -1, 0), (1, 14, 1), (300, 200, 127), (5, 9, 5)])
    func configuration(_ buffers: Int, _ initial: Int, _ announced: UInt8) {
        var tinyTP = TinyTP(receiveBuffers: buffers, initialCredit: initial)
        #expect(tinyTP.connectPDU().credit == announced)
        #expect(tinyTP.available == max(1, buffers) - Int(announced))
    }

    @Test("A buffer that holds data which came too early is not promised")
    func earlyData() throws {
        var tinyTP = TinyTP(receiveBuffers: 4, initialCredit: 4)
        _ = try tinyTP.receive(TinyTPDataPDU(credit: 0, payload: [1]))
        #expect(tinyTP.connectPDU() == TinyTPConnectPDU(credit: 3))
        #expect(tinyTP.available == 0 && tinyTP.peerCredits == 3)
    }

    @Test("Nothing goes before both connect PDUs have passed")
    func early() {
        var tinyTP = TinyTP(receiveBuffers: 4, initialCredit: 0)
        #expect(tinyTP.send([1, 2, 3]) == [])
        _ = tinyTP.connectPDU()
        #expect(tinyTP.flush() == [])
        tinyTP.peerConnected(TinyTPConnectPDU(credit: 1), segmentSize: 10)
        #expect(tinyTP.flush() == [TinyTPDataPDU(credit: 4, payload: [1, 2, 3])])
    }

    @Test("Data takes the credit along that can be given")
    func piggyback() {
        var tinyTP = connected(credit: 2)
        #expect(tinyTP.send([1]) == [TinyTPDataPDU(credit: 14, payload: [1])])
        #expect(tinyTP.send([2]) == [TinyTPDataPDU(credit: 0, payload: [2])])
        #expect(tinyTP.available == 0 && tinyTP.peerCredits == 28 && tinyTP.credits == 0)
        #expect(tinyTP.send([3]) == [])
        #expect(tinyTP.queuedBytes == 1)
    }

    @Test("Segments are filled, whatever the calls were")
    func coalescing() throws {
        var tinyTP = connected(credit: 0, segmentSize: 10)
        for number in 0..<35 { #expect(tinyTP.send([UInt8(number)]) == []) }
        #expect(tinyTP.queuedBytes == 35 && tinyTP.sendRoom == 0)
        let sent = try tinyTP.take(TinyTPDataPDU(credit: 3, payload: [])).send
        #expect(sent.map(\.payload) == [Array(0..<10), Array(10..<20), Array(20..<30)])
        #expect(sent.allSatisfy { !$0.more })
        #expect(tinyTP.queuedBytes == 5)
        #expect(try tinyTP.take(TinyTPDataPDU(credit: 2, payload: [])).send.map(\.payload) == [Array(30..<35)])
        #expect(tinyTP.sendRoom == 10)
    }

    @Test("However much credit there is, no more is queued than two turns of the link carry")
    func shortQueue() {
        var tinyTP = connected(credit: 127, segmentSize: 2045)
        #expect(tinyTP.sendRoom == 32_768)
        tinyTP.queue([UInt8](repeating: 0, count: 32_768))
        #expect(tinyTP.sendRoom == 0)
        #expect(tinyTP.nextPDU()?.payload.count == 2045)
        #expect(tinyTP.sendRoom == 2045)
    }

    @Test("The caller may take few PDUs at a time")
    func limited() {
        var tinyTP = connected(credit: 5, segmentSize: 4)
        #expect(tinyTP.send(Array(0..<6), maximumPDUs: 0) == [])
        #expect(tinyTP.sendRoom == 14)
        #expect(tinyTP.send(Array(6..<9), maximumPDUs: 1).map(\.payload) == [[0, 1, 2, 3]])
        #expect(tinyTP.flush(maximumPDUs: 1).map(\.payload) == [[4, 5, 6, 7]])
        #expect(tinyTP.flush().map(\.payload) == [[8]])
        #expect(tinyTP.flush() == [])
    }

    @Test("A peer's size limit below the segment size is kept to")
    func sizeLimit() {
        var tinyTP = TinyTP()
        _ = tinyTP.connectPDU()
        tinyTP.peerConnected(TinyTPConnectPDU(credit: 9, maximumSDUSize: 3), segmentSize: 2045)
        #expect(tinyTP.send([1, 2, 3, 4]).map(\.payload) == [[1, 2, 3], [4]])
        tinyTP.peerConnected(TinyTPConnectPDU(credit: 9, maximumSDUSize: .max), segmentSize: 2)
        #expect(tinyTP.send([1, 2, 3]).map(\.payload) == [[1, 2], [3]])
    }

    @Test("Credit goes out by itself when half of the initial credit is left")
    func threshold() throws {
        var tinyTP = connected(credit: 0)
        for number in 1...6 {
            #expect(try tinyTP.take(TinyTPDataPDU(credit: 0, payload: [1])).send == [], "segment \(number)")
        }
        let seventh = try tinyTP.take(TinyTPDataPDU(credit: 0, payload: [7]))
        #expect(seventh.delivered == [7])
        #expect(seventh.send == [TinyTPDataPDU(credit: 14, payload: [])])
        #expect(tinyTP.peerCredits == 21 && tinyTP.available == 0)
    }

    @Test("Credit goes out although data waits for credit itself")
    func noMutualWait() throws {
        var tinyTP = connected(credit: 0, receiveBuffers: 2, initialCredit: 2)
        #expect(tinyTP.send([9]) == [])
        _ = try tinyTP.take(TinyTPDataPDU(credit: 0, payload: [1]))
        #expect(tinyTP.take(consumed: 1) == [TinyTPDataPDU(credit: 1, payload: [])])
    }

    @Test("A user that does not take its data stops the peer")
    func flowControl() throws {
        var tinyTP = connected(credit: 5, receiveBuffers: 3, initialCredit: 3)
        for _ in 1...3 { #expect(try tinyTP.take(TinyTPDataPDU(credit: 0, payload: [1])).send == []) }
        #expect(tinyTP.peerCredits == 0 && tinyTP.available == 0)
        #expect(throws: TinyTPViolation.dataWithoutCredit) {
            try tinyTP.take(TinyTPDataPDU(credit: 0, payload: [1]))
        }
        #expect(tinyTP.take(consumed: 2) == [TinyTPDataPDU(credit: 2, payload: [])])
        // More than was delivered cannot be taken.
        #expect(tinyTP.take(consumed: 99) == [])
        #expect(tinyTP.take(consumed: -1) == [])
        #expect(tinyTP.available + tinyTP.peerCredits == 3)
    }

    @Test("Data without credit is taken while a buffer is free")
    func lenience() throws {
        var tinyTP = connected(credit: 5, receiveBuffers: 2, initialCredit: 0)
        #expect(try tinyTP.take(TinyTPDataPDU(credit: 0, payload: [1])).delivered == [1])
        #expect(tinyTP.peerCredits + tinyTP.available == 1)
    }

    @Test("Never more than 127 credits are outstanding, however many buffers there are")
    func maximumCredit() throws {
        var tinyTP = connected(credit: 5, receiveBuffers: 300, initialCredit: 100)
        #expect(tinyTP.send([1]) == [TinyTPDataPDU(credit: 27, payload: [1])])
        #expect(tinyTP.peerCredits == 127 && tinyTP.available == 173)
        #expect(tinyTP.send([2]) == [TinyTPDataPDU(credit: 0, payload: [2])])
    }

    @Test("Dataless PDUs cost nothing and deliver nothing")
    func dataless() throws {
        var tinyTP = connected(credit: 0, receiveBuffers: 1, initialCredit: 1)
        for _ in 0..<1000 { #expect(try tinyTP.take(TinyTPDataPDU(credit: 127, payload: [])).delivered == []) }
        #expect(tinyTP.credits == 127_000 && tinyTP.peerCredits == 1)
    }
}
