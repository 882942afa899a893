import IrDAProtocol

/// An information base and both ends of a query, which take any PDUs; then a query that nobody disturbs.
func fuzzIAS(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let payload = 3 + input.number(below: 120)
    let database = someDatabase(&input)
    var server = IASServer(maximumPayload: payload)
    var client = IASClient(maximumPayload: payload)
    while !input.isEmpty {
        if !client.isOutstanding, input.byte() & 3 == 0 { _ = try? client.ask(someRequest(&input)) }
        // The first byte is of a kind that gets past the first check.
        let pdu = [input.byte() & 0xC7] + input.take(input.number(below: 40))
        for answer in server.receive(pdu, database: database) {
            require(answer.count <= payload, "an answer that no frame holds")
        }
        for answer in client.receive(pdu).send { require(answer.count <= payload, "a PDU that no frame holds") }
    }
    var asked = FuzzInput(bytes.reversed())
    let request = someRequest(&asked)
    // Whoever was disturbed may be in the middle of something.
    client = IASClient(maximumPayload: payload)
    server = IASServer(maximumPayload: payload)
    guard let first = try? client.ask(request) else { return }
    var toServer = first
    for _ in 0..<40_000 {
        let answers = toServer.flatMap { server.receive($0, database: database) }
        toServer = []
        for answer in answers {
            let step = client.receive(answer)
            if let reply = step.reply {
                require(reply == database.reply(to: request), "an answer that changes on its way")
                return
            }
            toServer += step.send
        }
        if answers.isEmpty { break }
    }
    require(false, "a question without an answer")
}

private func someDatabase(_ input: inout FuzzInput) -> IASDatabase {
    var database = IASDatabase(deviceName: "Fuzz", operations: .all)
    for _ in 0..<input.number(below: 4) {
        let attributes = (0..<input.number(below: 5)).map { _ in
            let name = someName(&input)
            return switch input.number(below: 3) {
            case 0: IASAttribute(name: name, value: .integer(Int32(input.byte())))
            case 1: IASAttribute(name: name, value: .octets(input.take(Int(input.byte()) * 4)))
            default: IASAttribute(name: name, value: .string(IASString("\(input.byte())")))
            }
        }
        _ = try? database.add(className: someName(&input), attributes: attributes)
    }
    return database
}

private func someRequest(_ input: inout FuzzInput) -> IASRequest {
    let number = UInt16(input.byte())
    return switch input.number(below: 6) {
    case 0: .infoBaseDetails
    case 1: .objects(from: number, maximum: 9, className: input.byte() & 1 == 0 ? nil : someName(&input))
    case 2: .values(object: number, attributes: (0..<input.number(below: 70)).map { _ in someName(&input) })
    case 3: .valueByClass(className: someName(&input), attribute: someName(&input))
    case 4: .objectInfo(number)
    default: .attributeNames(object: number, from: UInt16(input.byte()), maximum: input.byte())
    }
}

/// One of few names, so that a question often has an answer.
private func someName(_ input: inout FuzzInput) -> IASName {
    let choice = input.byte()
    return choice < 0xF0 ? ["A", "Bee", "Device"][Int(choice) % 3] : IASName(bytes: input.take(Int(choice)))
}
