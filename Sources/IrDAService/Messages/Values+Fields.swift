import SocketBackends
import SystemPackage

extension ServiceSocketID: MessageField {
    func write(to message: inout MessageWriter) { message.put(rawValue) }
    init(from message: inout MessageReader) throws(MalformedMessage) { self.init(rawValue: try message.number()) }
}

extension ServiceSocketKind: MessageField {
    func write(to message: inout MessageWriter) { message.put(rawValue) }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        let number = try message.number(UInt8.self)
        guard let kind = Self(rawValue: number) else { throw .unknown(number) }
        self = kind
    }
}

extension ServiceLayer: MessageField {
    func write(to message: inout MessageWriter) { message.put(rawValue) }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        let number = try message.number(UInt8.self)
        guard let layer = Self(rawValue: number) else { throw .unknown(number) }
        self = layer
    }
}

extension ServiceTarget: MessageField {
    func write(to message: inout MessageWriter) {
        switch self {
        case .unspecified: message.put(UInt8(0))
        case .name(let name):
            message.put(UInt8(1))
            message.put(name)
        case .selector(let selector):
            message.put(UInt8(2))
            message.put(selector)
        }
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        switch try message.number(UInt8.self) {
        case 0: self = .unspecified
        case 1: self = .name(try message.octets())
        case 2: self = .selector(try message.number())
        case let other: throw .unknown(other)
        }
    }
}

extension ServiceSubject: MessageField {
    func write(to message: inout MessageWriter) {
        switch self {
        case .ourselves: message.put(UInt8(0))
        case .device(let device):
            message.put(UInt8(1))
            message.put(device)
        case .peer(let socket):
            message.put(UInt8(2))
            message.put(socket)
        }
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        switch try message.number(UInt8.self) {
        case 0: self = .ourselves
        case 1: self = .device(try message.number())
        case 2: self = .peer(try message.field())
        case let other: throw .unknown(other)
        }
    }
}

extension ServiceDevice: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(station)
        message.put(address)
        message.put(hints)
        message.put(characterSet)
        message.put(name)
        message.put(age)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(
            station: try message.number(), address: try message.number(), hints: try message.number(),
            characterSet: try message.number(), name: try message.octets(), age: try message.number())
    }
}

extension ServiceAttribute: MessageField {
    func write(to message: inout MessageWriter) {
        switch self {
        case .noSuchClass: message.put(UInt8(0))
        case .noSuchAttribute: message.put(UInt8(1))
        case .integer(let number):
            message.put(UInt8(2))
            message.put(number)
        case .octets(let octets):
            message.put(UInt8(3))
            message.put(octets)
        case .string(let text, let characterSet):
            message.put(UInt8(4))
            message.put(text)
            message.put(characterSet)
        }
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        switch try message.number(UInt8.self) {
        case 0: self = .noSuchClass
        case 1: self = .noSuchAttribute
        case 2: self = .integer(try message.number())
        case 3: self = .octets(try message.octets())
        case 4: self = .string(try message.octets(), characterSet: try message.number())
        case let other: throw .unknown(other)
        }
    }
}

extension ServiceSocketNames.End: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(device)
        message.put(target)
        message.put(selector)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(device: try message.number(), target: try message.field(), selector: try message.number())
    }
}

extension ServiceSocketNames: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(local)
        message.put(peer)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(local: try message.field(), peer: try message.optional())
    }
}

extension ServiceTransferUnits: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(pduLength)
        message.put(maximumSDU)
        message.put(unsent)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(pduLength: try message.number(), maximumSDU: try message.number(), unsent: try message.number())
    }
}

extension ServiceConnectOutcome: MessageField {
    func write(to message: inout MessageWriter) {
        switch self {
        case .pending: message.put(UInt8(0))
        case .connected: message.put(UInt8(1))
        case .failed(let error):
            message.put(UInt8(2))
            message.put(error)
        }
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        switch try message.number(UInt8.self) {
        case 0: self = .pending
        case 1: self = .connected
        case 2: self = .failed(try message.field())
        case let other: throw .unknown(other)
        }
    }
}

extension ServiceIdentity: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(version)
        message.put(station)
        message.put(address)
        message.put(medium)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        self.init(
            version: try message.number(), station: try message.text(), address: try message.number(),
            medium: try message.text())
    }
}

extension SocketError: MessageField {
    func write(to message: inout MessageWriter) {
        message.put(code.rawValue)
        message.put(errno?.rawValue ?? 0)
        message.put(operation)
        message.put(reason)
        message.put(advice)
    }

    init(from message: inout MessageReader) throws(MalformedMessage) {
        let code = WSAErrorCode(rawValue: try message.number())
        let number: CInt = try message.number()
        self.init(
            code, errno: number == 0 ? nil : Errno(rawValue: number), operation: try message.text(),
            reason: try message.text(), advice: try message.text())
    }
}
