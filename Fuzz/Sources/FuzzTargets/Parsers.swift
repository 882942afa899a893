import IrDAProtocol
import IrDASimulation

/// A run of bytes gives what single bytes give, and what was found is found again when it is sent again.
func fuzzDeframer(_ bytes: [UInt8]) {
    let limit = 2 + Int(bytes.first ?? 0) * 9
    var run = SIRDeframer(maximumFrameLength: limit)
    var single = run
    let events = run.receive(bytes)
    var index = 0
    for byte in bytes {
        guard let event = single.receive(byte) else { continue }
        require(index < events.count && events[index] == event, "a run says something else than its bytes")
        index += 1
        guard case .frame(let frame) = event else { continue }
        require(frame.count >= 2 && frame.count <= limit, "a frame of an impossible length")
        let line = SIRFramer.encode(frame, additionalBOFs: 1)
        require(line.count == SIRFramer.encodedLength(frame, additionalBOFs: 1), "a wrong length")
        var again = SIRDeframer(maximumFrameLength: limit)
        require(again.receive(line) == [.frame(frame)], "a frame that is not found again")
    }
    require(index == events.count && run == single, "a run ends elsewhere than its bytes")
}

/// What was read and written is read as the same.
func fuzzFrames(_ bytes: [UInt8]) {
    if let frame = IrLAPFrame(bytes: bytes) {
        require(IrLAPFrame(bytes: frame.bytes) == frame && frame.bytes == bytes, "a frame that changes")
        _ = frame.description
        if let xid = XIDFrame(frame) { require(XIDFrame(xid.frame) == xid, "an XID that changes") }
        if let snrm = SNRMFrame(frame) { require(SNRMFrame(snrm.frame) == snrm, "an SNRM that changes") }
        if let ua = UAFrame(frame) { require(UAFrame(ua.frame) == ua, "a UA that changes") }
        if let test = TestFrame(frame) { require(TestFrame(test.frame) == test, "a TEST that changes") }
    }
    if let field = FRMRField(bytes: bytes) { require(FRMRField(bytes: field.bytes) == field, "an FRMR that changes") }
    let parameters = NegotiationParameters(parsing: bytes)
    require(NegotiationParameters(parsing: parameters.bytes) == parameters, "parameters that change")
    let link = LinkParameters.negotiate(own: .standard, peer: parameters)
    require(link.transmit.dataSize >= 64 && link.transmit.windowSize >= 1, "a link that carries nothing")
    let info = DeviceInfo(bytes: bytes)
    require(
        DeviceInfo(bytes: info.bytes) == DeviceInfo(bytes: DeviceInfo(bytes: info.bytes).bytes), "info that changes")
    if let pdu = LMPDU(bytes: bytes) { require(LMPDU(bytes: pdu.bytes) == pdu, "an LM PDU that changes") }
    if let pdu = TinyTPConnectPDU(bytes: bytes) {
        require(TinyTPConnectPDU(bytes: pdu.bytes) == pdu, "a TinyTP connect that changes")
    }
    if let pdu = TinyTPDataPDU(bytes: bytes) {
        require(TinyTPDataPDU(bytes: pdu.bytes) == pdu, "a TinyTP PDU that changes")
    }
    for rate in [BaudRate.rate576000, .rate4000000] { _ = PacketFramer.decode(bytes, at: rate) }
}

/// A scenario, or an error with a place.
func fuzzScenario(_ bytes: [UInt8]) {
    do throws(ScenarioError) {
        let scenario = try ScenarioFile.parse(bytes, name: "fuzz.yaml")
        _ = try? scenario.makeSimulation(seed: 1)
    } catch {
        require(!error.description.isEmpty, "an error without a word")
    }
}

/// Frames, or an error; and a timeline of them that can be drawn.
func fuzzCapture(_ bytes: [UInt8]) {
    guard let contents = try? CaptureReader.read(bytes) else { return }
    let timeline = Timeline(contents.frames)
    require(timeline.lights.count == contents.frames.count, "a frame without light")
    require(timeline.lights.allSatisfy { $0.start <= $0.end }, "light that ends before it begins")
    let summary = timeline.summary
    require(summary.sent + summary.received == contents.frames.count, "a frame that is not counted")
    // It takes ten times as long as all the rest, and sees nothing but the lights' times.
    if bytes.count % 16 == 0 { _ = TimelineDrawing(timeline, row: .milliseconds(500)).svg }
}
