@testable import IrDAProtocol
import Testing

@Suite("TinyTP messages")
struct TinyTPMessageTests {
    @Test("A message longer than announced is cut, said so, and does no harm to the next")
    func truncated() throws {
        var tinyTP = TinyTP(keepsBoundaries: true, maximumSDUSize: 5)
        _ = tinyTP.connectPDU()
        tinyTP.peerConnected(TinyTPConnectPDU(credit: 9, maximumSDUSize: 9), segmentSize: 4)
        #expect(try tinyTP.receive(TinyTPDataPDU(more: true, credit: 0, payload: [1, 2, 3, 4])) == nil)
        #expect(try tinyTP.receive(TinyTPDataPDU(more: true, credit: 0, payload: [5, 6, 7, 8])) == nil)
        #expect(
            try tinyTP.receive(TinyTPDataPDU(credit: 0, payload: [9]))
                == TinyTPDelivery(bytes: [1, 2, 3, 4, 5], isTruncated: true))
        #expect(
            try tinyTP.receive(TinyTPDataPDU(credit: 0, payload: [1, 2, 3, 4, 5]))
                == TinyTPDelivery(bytes: [1, 2, 3, 4, 5], isTruncated: false))
        #expect(
            try tinyTP.receive(TinyTPDataPDU(credit: 0, payload: [1, 2, 3, 4, 5, 6]))
                == TinyTPDelivery(bytes: [1, 2, 3, 4, 5], isTruncated: true))
    }

    @Test("TinyTP 1.1, 2.4: one buffer is enough for a message of any length, both ways")
    func oneBuffer() throws {
        var ends = [0, 1].map { _ in
            TinyTP(receiveBuffers: 1, initialCredit: 1, keepsBoundaries: true, maximumSDUSize: 10_000)
        }
        let connects = [ends[0].connectPDU(), ends[1].connectPDU()]
        for index in 0...1 { ends[index].peerConnected(connects[1 - index], segmentSize: 61) }
        let message = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        for index in 0...1 { ends[index].queue(message) }
        var received: [[UInt8]?] = [nil, nil]
        for _ in 0..<2000 {
            for index in 0...1 {
                guard let pdu = ends[index].nextPDU() else { continue }
                if let delivery = try ends[1 - index].receive(pdu) { received[1 - index] = delivery.bytes }
            }
        }
        #expect(received == [message, message])
    }

    @Test("Room for messages counts the segments that they take, not their bytes")
    func room() {
        var tinyTP = TinyTP(keepsBoundaries: true, maximumSDUSize: 100)
        _ = tinyTP.connectPDU()
        tinyTP.peerConnected(TinyTPConnectPDU(credit: 3, maximumSDUSize: 100), segmentSize: 10)
        #expect(tinyTP.sendRoom == 30 && tinyTP.sendableSDU == 100)
        tinyTP.queue([1])
        tinyTP.queue([2])
        #expect(tinyTP.sendRoom == 10)
        tinyTP.queue((0..<25).map { UInt8($0) })
        #expect(tinyTP.sendRoom == 0)
        #expect(tinyTP.flush().map(\.payload) == [[1], [2], Array(0..<10)])
        #expect(tinyTP.queuedBytes == 15)
    }
}
