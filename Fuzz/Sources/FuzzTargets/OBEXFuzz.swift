import OBEX

/// A client and a server of OBEX, each with a peer that says anything.
func fuzzOBEX(_ bytes: [UInt8]) {
    fuzzOBEXServer(bytes)
    fuzzOBEXClient(bytes)
}

/// The bytes of a peer: packets of a likely code and the length that they say, or anything.
private func somePacket(_ input: inout FuzzInput, codes: [UInt8]) -> [UInt8] {
    guard input.byte() & 7 != 0 else { return input.take(input.number(below: 30)) }
    let code = codes[input.number(below: codes.count)]
    var content = input.take(input.number(below: 8))
    if input.byte() & 1 == 0 {
        // A header whose length is right.
        let value = input.take(input.number(below: 60))
        content += [[0x01, 0x42, 0x48, 0x49, 0x4C][input.number(below: 5)], 0, UInt8(value.count + 3)] + value
    }
    return [code, 0, UInt8(content.count + 3)] + content
}

/// What the user of a server is asked about an object.
private enum Question {
    case take
    case keep
}

private func fuzzOBEXServer(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    var server = OBEXServer(
        configuration: OBEXServer.Configuration(
            maximumObjectSize: Int(input.byte()) * 4, maximumObjects: input.number(below: 20),
            defaultObjects: [OBEXDefaultObject(type: "text/x", name: "x", body: Array(repeating: 1, count: 900))]))
    var (isClosed, isInObject) = (false, false)
    var question: Question?
    while !input.isEmpty {
        var actions: [OBEXServerAction]
        switch input.number(below: 8) {
        case 0:
            if question == .keep { isInObject = false }
            question = nil
            actions = server.accept()
        case 1:
            if question != nil { isInObject = false }
            question = nil
            actions = server.refuse(.databaseFull, explanation: "No.")
        default:
            actions = server.received(
                somePacket(&input, codes: [0x80, 0x81, 0x02, 0x82, 0x03, 0x83, 0x85, 0x87, 0xFF, 0x04]))
        }
        if input.isEmpty { actions += server.transportClosed() }
        for action in actions {
            switch action {
            case .send(let packet):
                require(!isClosed, "a word after the end")
                require(packet.count >= 3 && packet.count <= 7 * 2039, "a packet of an impossible size")
                require(Int(packet[1]) << 8 | Int(packet[2]) == packet.count, "a packet that lies about its size")
            case .close:
                require(!isClosed, "a second end")
                isClosed = true
            case .event(.objectBegins):
                require(!isInObject, "an object within an object")
                isInObject = true
                question = .take
            case .event(.body): require(isInObject, "content of nothing")
            case .event(.objectDropped):
                isInObject = false
                question = nil
            case .event(.objectEnds):
                require(isInObject, "the end of nothing")
                question = .keep
            case .event: break
            }
        }
    }
}

private func fuzzOBEXClient(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    var client = OBEXClient()
    var isAsking = false
    while !input.isEmpty {
        var actions: [OBEXClientAction] = []
        switch input.number(below: 12) {
        case 0: ask(&actions, &isAsking) { try? client.connect() }
        case 1: ask(&actions, &isAsking) { try? client.put([.name("a"), .length(9)]) }
        case 2: ask(&actions, &isAsking) { try? client.get([.type("text/x")]) }
        case 3: ask(&actions, &isAsking) { try? client.setPath(.up, name: nil) }
        case 4: ask(&actions, &isAsking) { try? client.disconnect() }
        case 5: actions = client.supply(input.take(Int(input.byte())), isLast: input.byte() & 1 == 0)
        case 6: actions = client.abort()
        case 7 where input.byte() < 8: actions = client.timerFired()
        default:
            actions = client.received(somePacket(&input, codes: [0x90, 0xA0, 0xA0, 0xC0, 0xC3, 0xD0, 0x90, 0x10]))
        }
        if input.isEmpty { actions += client.transportClosed() }
        for action in actions {
            switch action {
            case .send(let packet):
                require(packet.count >= 3, "a packet of an impossible size")
                require(Int(packet[1]) << 8 | Int(packet[2]) == packet.count, "a packet that lies about its size")
            case .event(.ended):
                require(isAsking, "the end of nothing")
                isAsking = false
            case .startTimer, .stopTimer, .close, .event: break
            }
        }
    }
    require(!isAsking, "a request without an end")
}

private func ask(
    _ actions: inout [OBEXClientAction], _ isAsking: inout Bool, _ request: () -> [OBEXClientAction]?
) {
    guard let new = request() else { return }
    require(!isAsking, "a second request at once")
    isAsking = true
    actions = new
}
