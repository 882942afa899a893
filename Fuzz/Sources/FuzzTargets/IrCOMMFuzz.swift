import IrDAProtocol

/// An end of an IrCOMM connection, whose peer says anything.
func fuzzIrCOMM(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let choices = input.byte()
    let limit = 64 + input.number(below: 100)
    var port = IrCOMM(
        side: choices & 1 == 0 ? .dte : .dce, offering: IrCOMMServiceTypes(rawValue: choices >> 1 & 0x0F),
        messageLimit: limit)
    check(choices & 0x20 == 0 ? port.connected() : port.accepted(isRaw: choices & 0x40 != 0), limit)
    while !input.isEmpty {
        let message: [UInt8]
        switch input.number(below: 10) {
        case 0: check(port.send(input.take(Int(input.byte()))), limit)
        case 1: check(port.set(DTELines(rawValue: input.byte())), limit)
        case 2: check(port.set(DCELines(rawValue: input.byte())), limit)
        case 3: check(port.setBreak(input.byte() & 1 == 0), limit)
        case 4: check(port.pollLines() + port.report(SerialLineErrors(rawValue: input.byte())), limit)
        case 5:
            message = input.take(input.number(below: 40))
            check(port.received(message), limit)
        default:
            // A control channel of the length that it says, with likely parameters.
            var control: [UInt8] = []
            for _ in 0..<input.number(below: 4) {
                let value = input.take(input.number(below: 6))
                control += [input.byte() & 0x3F, UInt8(value.count)] + value
            }
            message = [UInt8(control.count)] + control + input.take(input.number(below: 20))
            check(port.received(message), limit)
        }
    }
    if let offer = IrCOMMOffer(bytes: bytes) { _ = "\(offer)" }
    // What is too long for a parameter is cut the first time that it is written.
    if let pdu = IrCOMMPDU(bytes: bytes), let cut = IrCOMMPDU(bytes: pdu.bytes) {
        require(IrCOMMPDU(bytes: cut.bytes) == cut, "an IrCOMM PDU that changes")
    }
}

private func check(_ actions: [IrCOMMAction], _ limit: Int) {
    for case .send(let message) in actions {
        require(!message.isEmpty && message.count <= limit, "a message of \(message.count) bytes where \(limit) fit")
    }
}
