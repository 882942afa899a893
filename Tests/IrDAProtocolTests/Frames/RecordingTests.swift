@testable import IrDAProtocol
import Testing

/// A whole session between two Linux stations, read by our types and written again byte by byte.
@Suite("Recorded session")
struct RecordingTests {
    /// The good frames of a direction, and whatever else the deframer reports.
    private func deframed(_ direction: Recording.Direction) throws -> (
        frames: [[UInt8]], garbage: [SIRDeframer.Garbage]
    ) {
        var deframer = SIRDeframer()
        var frames: [[UInt8]] = []
        var garbage: [SIRDeframer.Garbage] = []
        for event in deframer.receive(try Recording.raw(direction)) {
            switch event {
            case .frame(let frame): frames.append(frame)
            case .garbage(let kind): garbage.append(kind)
            }
        }
        #expect(!deframer.isInsideFrame)
        return (frames, garbage)
    }

    @Test("Every frame is found, and nothing else", arguments: Recording.Direction.allCases)
    func frames(_ direction: Recording.Direction) throws {
        let (frames, garbage) = try deframed(direction)
        #expect(garbage == [])
        let listed = try Recording.list().filter { $0.direction == direction }
        try #require(frames.count == listed.count)
        for (frame, line) in zip(frames, listed) {
            #expect(frame.starts(with: line.prefix), "frame \(line.number)")
            #expect(
                SIRFramer.encodedLength(frame, additionalBOFs: line.begins - 1) == line.lineLength,
                "frame \(line.number)")
        }
    }

    @Test("The framer writes the same line", arguments: Recording.Direction.allCases)
    func line(_ direction: Recording.Direction) throws {
        let listed = try Recording.list().filter { $0.direction == direction }
        let written = zip(try deframed(direction).frames, listed).flatMap { frame, line in
            SIRFramer.encode(frame, additionalBOFs: line.begins - 1)
        }
        #expect(written == (try Recording.raw(direction)))
    }

    @Test("The capture holds the same frames in the same order")
    func capture() throws {
        let captured = try Recording.capture()
        #expect(captured.map(\.direction) == (try Recording.list().map(\.direction)))
        for direction in Recording.Direction.allCases {
            #expect(captured.filter { $0.direction == direction }.map(\.frame) == (try deframed(direction).frames))
        }
    }

    @Test("Every frame is understood, and our types write the same bytes between BOF and EOF")
    func typed() throws {
        var kinds: [String: Int] = [:]
        for direction in Recording.Direction.allCases {
            let inside = try Recording.raw(direction).split(separator: 0xC1).map { line in
                Array(line.drop { $0 == 0xFF }.dropFirst())
            }
            let frames = try deframed(direction).frames
            try #require(inside.count == frames.count)
            for (escaped, frame) in zip(inside, frames) {
                let (kind, bytes) = try #require(rewritten(frame), "not understood: \(trace(frame))")
                kinds[kind, default: 0] += 1
                let line = SIRFramer.encode(bytes, additionalBOFs: 0)
                #expect(Array(line.dropFirst().dropLast()) == escaped, "\(kind): \(trace(frame))")
            }
        }
        // Two connections, each with an IAS query and a TinyTP connection; the discovery has 6 slots.
        #expect(kinds["XID"] == 8)
        #expect(kinds["SNRM"] == 2 && kinds["UA"] == 4 && kinds["DISC"] == 2)
        #expect(kinds["IAS query"] == 2 && kinds["IAS result"] == 2)
        #expect(kinds["TinyTP connect"] == 4)
        #expect(kinds["LM disconnect"] == 4)
        #expect(kinds.values.reduce(0, +) == 103)
    }

    /// What a frame is, and the frame written again from the innermost type that reads it.
    private func rewritten(_ bytes: [UInt8]) -> (String, [UInt8])? {
        guard let frame = IrLAPFrame(bytes: bytes) else { return nil }
        switch frame.control {
        case .unnumbered(.xidCommand, _), .unnumbered(.xidResponse, _):
            guard var xid = XIDFrame(frame) else { return nil }
            if !xid.info.isEmpty { xid.info = DeviceInfo(bytes: xid.info).bytes }
            return ("XID", xid.frame.bytes)
        case .unnumbered(.setNormalResponseMode, _):
            guard var snrm = SNRMFrame(frame) else { return nil }
            snrm.parameters = NegotiationParameters(parsing: snrm.parameters).bytes
            return ("SNRM", snrm.frame.bytes)
        case .unnumbered(.unnumberedAcknowledgement, _):
            guard var ua = UAFrame(frame) else { return nil }
            if !ua.parameters.isEmpty { ua.parameters = NegotiationParameters(parsing: ua.parameters).bytes }
            return ("UA", ua.frame.bytes)
        case .information:
            guard let pdu = LMPDU(bytes: frame.information), let (kind, information) = rewritten(pdu) else {
                return nil
            }
            return (kind, IrLAPFrame(address: frame.address, control: frame.control, information: information).bytes)
        case .supervisory, .unnumbered:
            return (frame.control.name(isCommand: frame.address.isCommand), frame.bytes)
        }
    }

    private func rewritten(_ pdu: LMPDU) -> (String, [UInt8])? {
        switch pdu {
        case .data(let destination, let source, let payload) where destination == .ias || source == .ias:
            guard let frame = IAPFrame(bytes: payload) else { return nil }
            let body =
                destination == .ias
                ? IASRequest(operation: frame.operation, arguments: frame.body)?.arguments
                : IASReply(bytes: frame.body, to: frame.operation).bytes
            guard let body else { return nil }
            let written = IAPFrame(operation: frame.operation, isLast: frame.isLast, body: body).bytes
            return (
                destination == .ias ? "IAS query" : "IAS result",
                LMPDU.data(destination: destination, source: source, payload: written).bytes
            )
        case .data(let destination, let source, let payload):
            guard let data = TinyTPDataPDU(bytes: payload) else { return nil }
            return ("TinyTP data", LMPDU.data(destination: destination, source: source, payload: data.bytes).bytes)
        case .connectRequest(let destination, let source, let payload) where !payload.isEmpty:
            guard let connect = TinyTPConnectPDU(bytes: payload)?.bytes else { return nil }
            return (
                "TinyTP connect",
                LMPDU.connectRequest(destination: destination, source: source, payload: connect).bytes
            )
        case .connectConfirm(let destination, let source, let payload) where !payload.isEmpty:
            guard let connect = TinyTPConnectPDU(bytes: payload)?.bytes else { return nil }
            return (
                "TinyTP connect",
                LMPDU.connectConfirm(destination: destination, source: source, payload: connect).bytes
            )
        case .connectRequest, .connectConfirm: return ("LM connect", pdu.bytes)
        case .disconnect: return ("LM disconnect", pdu.bytes)
        case .accessModeRequest, .accessModeConfirm: return ("LM access mode", pdu.bytes)
        }
    }

    @Test("What the stations agreed on")
    func negotiated() throws {
        let primary = try #require(
            deframed(.aToB).frames.compactMap { IrLAPFrame(bytes: $0).flatMap(SNRMFrame.init) }.first)
        let secondary = try #require(
            deframed(.bToA).frames.compactMap { IrLAPFrame(bytes: $0).flatMap(UAFrame.init) }.first)
        let link = LinkParameters.negotiate(
            own: NegotiationParameters(parsing: primary.parameters),
            peer: NegotiationParameters(parsing: secondary.parameters))
        #expect(link.baudRate == .rate115200)
        #expect(link.transmit.dataSize == 2048 && link.transmit.windowSize == 7 && link.transmit.capacityWindow == 2)
        #expect(link.transmit.lineCapacity == 4800 && link.transmit.additionalBOFs == .bofs0)
        #expect(link.transmit.minimumTurnaround == .milliseconds(5))
        #expect(link.disconnectTime == .seconds(12))
    }

    @Test("The queries are what our client asks, the results what it reads")
    func ias() throws {
        let all = try Recording.Direction.allCases.map { direction in
            try deframed(direction).frames.compactMap { IrLAPFrame(bytes: $0) }.compactMap { frame -> [UInt8]? in
                guard case .information = frame.control,
                    case .data(let to, let from, let payload) = LMPDU(bytes: frame.information),
                    to == .ias || from == .ias
                else { return nil }
                return payload
            }
        }
        let services: [(IASName, Int32)] = [("TestEcho", 0x10), ("TestSource", 0x12)]
        for (index, (service, selector)) in services.enumerated() {
            var client = IASClient(maximumPayload: 2040)
            #expect(try client.query(className: service, attribute: "IrDA:TinyTP:LsapSel") == [all[0][index]])
            let answer = client.receive(all[1][index])
            #expect(answer.send == [])
            guard case .success(let entries) = answer.result else {
                Issue.record("no value: \(String(describing: answer.result))")
                continue
            }
            #expect(entries.map(\.value) == [.integer(selector)])
        }
    }

    @Test("The 3000-byte echo comes back whole, the bulk transfer follows")
    func data() throws {
        var received: [Recording.Direction: [UInt8]] = [:]
        for direction in Recording.Direction.allCases {
            for frame in try deframed(direction).frames.compactMap({ IrLAPFrame(bytes: $0) }) {
                guard case .information = frame.control,
                    case .data(let to, let from, let payload) = LMPDU(bytes: frame.information), to != .ias,
                    from != .ias,
                    let pdu = TinyTPDataPDU(bytes: payload)
                else { continue }
                #expect(!pdu.more)
                received[direction, default: []] += pdu.payload
            }
        }
        let sent = try #require(received[.aToB])
        #expect(sent.count == 3000)
        // The bulk transfer, the alphabet over and over, was cut short by the receiver after 14 segments of 2039 bytes.
        let alphabet = (0..<(14 * 2039)).map { UInt8(0x41 + $0 % 26) }
        #expect(received[.bToA] == sent + alphabet)
    }
}
