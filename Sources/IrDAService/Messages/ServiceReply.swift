package import SocketBackends

/// What the service answers, on a control connection or on a ticket.
package enum ServiceReply: Hashable, Sendable {
    case failed(SocketError)
    case done
    case welcome(ServiceIdentity)
    /// The answer follows on the descriptor that comes with this.
    case ticket
    /// With the descriptor.
    case opened(ServiceSocketID)
    case bound(selector: UInt8)
    /// With the descriptor, and from whom.
    case accepted(ServiceSocketID, peer: ServiceSocketNames.End)
    case outcome(ServiceConnectOutcome)
    case failure(SocketError?)
    case devices([ServiceDevice])
    case attribute(ServiceAttribute)
    case hints(UInt16)
    case names(ServiceSocketNames)
    case transferUnits(ServiceTransferUnits)
    case status(ServiceStatus)
    case faults([ServiceFault])
}

extension ServiceReply: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(tag)
        switch self {
        case .done, .ticket: break
        case .failed(let error): message.put(error)
        case .welcome(let identity): message.put(identity)
        case .opened(let socket): message.put(socket)
        case .bound(let selector): message.put(selector)
        case .accepted(let socket, let peer):
            message.put(socket)
            message.put(peer)
        case .outcome(let outcome): message.put(outcome)
        case .failure(let error): message.put(error)
        case .devices(let devices): message.put(devices)
        case .attribute(let attribute): message.put(attribute)
        case .hints(let hints): message.put(hints)
        case .names(let names): message.put(names)
        case .transferUnits(let units): message.put(units)
        case .status(let status): message.put(status)
        case .faults(let faults): message.put(faults)
        }
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        switch try message.number(UInt8.self) {
        case 1: self = .failed(try message.field())
        case 2: self = .done
        case 3: self = .welcome(try message.field())
        case 4: self = .ticket
        case 5: self = .opened(try message.field())
        case 6: self = .bound(selector: try message.number())
        case 7: self = .accepted(try message.field(), peer: try message.field())
        case 8: self = .outcome(try message.field())
        case 9: self = .failure(try message.optional())
        case 10: self = .devices(try message.list())
        case 11: self = .attribute(try message.field())
        case 12: self = .hints(try message.number())
        case 13: self = .names(try message.field())
        case 14: self = .transferUnits(try message.field())
        case 15: self = .status(try message.field())
        case 16: self = .faults(try message.list())
        case let other: throw .unknown(other)
        }
    }

    private var tag: UInt8 {
        switch self {
        case .failed: 1
        case .done: 2
        case .welcome: 3
        case .ticket: 4
        case .opened: 5
        case .bound: 6
        case .accepted: 7
        case .outcome: 8
        case .failure: 9
        case .devices: 10
        case .attribute: 11
        case .hints: 12
        case .names: 13
        case .transferUnits: 14
        case .status: 15
        case .faults: 16
        }
    }
}
