import IrDAProtocol

/// One connection of a simulated serial device behind IrCOMM.
struct PortServant: Sendable {
    /// What is at the other end of the cable.
    enum Device: Sendable {
        /// A plug that joins each line with its counterpart.
        case loopback
        case modem(ModemCommands)
    }

    /// What such a device says of its port.
    static let offer = IrCOMMOffer(serviceTypes: [.threeWire, .nineWire], portTypes: .serial)
    /// What fits every peer: its smallest frames.
    private static let smallestMessage = 60

    private var device: Device
    private var port: IrCOMM
    private var messages: [[UInt8]] = []
    private var unconsumed = 0

    init(_ device: Device) {
        self.device = device
        port = IrCOMM(side: .dce, offering: Self.offer.serviceTypes, messageLimit: Self.smallestMessage)
    }

    mutating func opened(messageLimit: Int) {
        port = IrCOMM(side: .dce, offering: Self.offer.serviceTypes, messageLimit: messageLimit)
        carryOut(port.accepted())
    }

    mutating func received(_ message: [UInt8]) {
        unconsumed += 1
        carryOut(port.received(message))
    }

    /// The next thing to do; a message goes when there is any room.
    mutating func next(room: Int) -> Servant.Step {
        if !messages.isEmpty { return room > 0 ? .sendMessage(messages.removeFirst()) : .wait }
        defer { unconsumed = 0 }
        return unconsumed > 0 ? .consume(segments: unconsumed) : .wait
    }

    private mutating func carryOut(_ actions: [IrCOMMAction]) {
        for action in actions {
            switch action {
            case .send(let message): messages.append(message)
            case .event(let event): happened(event)
            }
        }
    }

    private mutating func happened(_ event: IrCOMMEvent) {
        switch (event, device) {
        case (.data(let data), .loopback): carryOut(port.send(data))
        case (.data(let data), .modem(var modem)):
            let answer = modem.received(data, settings: port.settings)
            device = .modem(modem)
            carryOut(port.send(answer))
        case (.dteLines(let lines), .loopback):
            carryOut(port.set(lines.acrossNullModem.subtracting(.ri)))
        case (.breakCondition(let isOn), .loopback): carryOut(port.setBreak(isOn))
        case (.dteLines, .modem), (.breakCondition, .modem), (.ready, _), (.settings, _), (.dceLines, _),
            (.lineErrors, _), (.centronics, _):
            break
        }
    }
}
