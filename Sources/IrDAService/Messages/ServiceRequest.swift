/// What a program asks of the service. Every request is answered at once; what takes longer is answered with a ticket.
package enum ServiceRequest: Hashable, Sendable {
    /// The first of every control connection.
    case hello(version: UInt16)

    /// Look for devices. Ticket; then devices.
    case discover
    /// The devices that are known already.
    case knownDevices
    /// Wait until a device with one of these hints is seen. Ticket; then devices.
    case awaitDevice(hints: UInt16, milliseconds: UInt32)

    /// Ask an information base. Ticket, and then an attribute; of this station at once.
    case query(ServiceSubject, className: [UInt8], attribute: [UInt8])
    case setAttribute(ServiceSocketID, className: [UInt8], attribute: [UInt8], value: ServiceAttribute)
    case removeAttribute(ServiceSocketID, className: [UInt8], attribute: [UInt8])
    /// What the station announces, with what the socket adds to it for as long as it is open.
    case setHints(ServiceSocketID, UInt16)
    case hints

    /// Make a socket. Answered with a descriptor.
    case open(ServiceSocketKind)
    case bind(ServiceSocketID, ServiceTarget)
    case listen(ServiceSocketID, backlog: UInt16)
    /// Answered with a descriptor.
    case accept(ServiceSocketID)
    /// Answered with a descriptor in the place of the old one, where that is dead.
    case connect(ServiceSocketID, device: UInt32, ServiceTarget, exclusively: Bool)
    case outcome(ServiceSocketID)
    /// Why the stream has ended.
    case failure(ServiceSocketID)
    case names(ServiceSocketID)
    case transferUnits(ServiceSocketID)
    case setMaximumSDU(ServiceSocketID, UInt32)
    /// What lies between a stream and the multiplexer.
    case setLayer(ServiceSocketID, ServiceLayer)
    /// One Ultra packet under an identifier of choice.
    case sendUltra(ServiceSocketID, protocolID: UInt8, [UInt8])
    case close(ServiceSocketID)

    case status
    case faults
    case addFault(String)
    case removeFault(UInt32)
}

extension ServiceRequest: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(tag)
        switch self {
        case .discover, .knownDevices, .hints, .status, .faults: break
        case .hello(let version): message.put(version)
        case .awaitDevice(let hints, let milliseconds):
            message.put(hints)
            message.put(milliseconds)
        case .query(let subject, let className, let attribute):
            message.put(subject)
            message.put(className)
            message.put(attribute)
        case .setAttribute(let socket, let className, let attribute, let value):
            message.put(socket)
            message.put(className)
            message.put(attribute)
            message.put(value)
        case .removeAttribute(let socket, let className, let attribute):
            message.put(socket)
            message.put(className)
            message.put(attribute)
        case .setHints(let socket, let hints):
            message.put(socket)
            message.put(hints)
        case .open(let kind): message.put(kind)
        case .bind(let socket, let target):
            message.put(socket)
            message.put(target)
        case .listen(let socket, let backlog):
            message.put(socket)
            message.put(backlog)
        case .connect(let socket, let device, let target, let exclusively):
            message.put(socket)
            message.put(device)
            message.put(target)
            message.put(exclusively)
        case .setMaximumSDU(let socket, let size):
            message.put(socket)
            message.put(size)
        case .setLayer(let socket, let layer):
            message.put(socket)
            message.put(layer)
        case .sendUltra(let socket, let protocolID, let packet):
            message.put(socket)
            message.put(protocolID)
            message.put(packet)
        case .accept(let socket), .outcome(let socket), .failure(let socket), .names(let socket),
            .transferUnits(let socket), .close(let socket):
            message.put(socket)
        case .addFault(let rule): message.put(rule)
        case .removeFault(let number): message.put(number)
        }
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        switch try message.number(UInt8.self) {
        case 1: self = .hello(version: try message.number())
        case 2: self = .discover
        case 3: self = .knownDevices
        case 4: self = .awaitDevice(hints: try message.number(), milliseconds: try message.number())
        case 5:
            self = .query(try message.field(), className: try message.octets(), attribute: try message.octets())
        case 6:
            self = .setAttribute(
                try message.field(), className: try message.octets(), attribute: try message.octets(),
                value: try message.field())
        case 7:
            self = .removeAttribute(
                try message.field(), className: try message.octets(), attribute: try message.octets())
        case 8: self = .setHints(try message.field(), try message.number())
        case 9: self = .hints
        case 10: self = .open(try message.field())
        case 11: self = .bind(try message.field(), try message.field())
        case 12: self = .listen(try message.field(), backlog: try message.number())
        case 13: self = .accept(try message.field())
        case 14:
            self = .connect(
                try message.field(), device: try message.number(), try message.field(),
                exclusively: try message.flag())
        case 15: self = .outcome(try message.field())
        case 16: self = .failure(try message.field())
        case 17: self = .names(try message.field())
        case 18: self = .transferUnits(try message.field())
        case 19: self = .setMaximumSDU(try message.field(), try message.number())
        case 20: self = .close(try message.field())
        case 21: self = .status
        case 22: self = .faults
        case 23: self = .addFault(try message.text())
        case 24: self = .removeFault(try message.number())
        case 25: self = .setLayer(try message.field(), try message.field())
        case 26:
            self = .sendUltra(try message.field(), protocolID: try message.number(), try message.octets())
        case let other: throw .unknown(other)
        }
    }

    private var tag: UInt8 {
        switch self {
        case .hello: 1
        case .discover: 2
        case .knownDevices: 3
        case .awaitDevice: 4
        case .query: 5
        case .setAttribute: 6
        case .removeAttribute: 7
        case .setHints: 8
        case .hints: 9
        case .open: 10
        case .bind: 11
        case .listen: 12
        case .accept: 13
        case .connect: 14
        case .outcome: 15
        case .failure: 16
        case .names: 17
        case .transferUnits: 18
        case .setMaximumSDU: 19
        case .close: 20
        case .status: 21
        case .faults: 22
        case .addFault: 23
        case .removeFault: 24
        case .setLayer: 25
        case .sendUltra: 26
        }
    }
}
