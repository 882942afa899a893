import IrDABackend
import IrDAService

extension IrDADevice {
    init(_ device: ServiceDevice) {
        self.init(
            id: IrDADeviceID(rawValue: device.address), name: String(decoding: device.name, as: UTF8.self),
            hints: device.hints, characterSet: device.characterSet, rawName: device.name)
    }
}

extension IASAnswer {
    /// A value; nil where there is none.
    init?(_ attribute: ServiceAttribute) {
        switch attribute {
        case .noSuchClass, .noSuchAttribute: return nil
        case .integer(let number): self = .integer(number)
        case .octets(let octets): self = .octets(octets)
        case .string(let text, let characterSet): self = .string(text, characterSet: characterSet)
        }
    }
}

extension ServiceAttribute {
    /// A value; nil where there is none.
    init?(_ answer: IASAnswer) {
        switch answer {
        case .noSuchClass, .noSuchAttribute: return nil
        case .integer(let number): self = .integer(number)
        case .octets(let octets): self = .octets(octets)
        case .string(let text, let characterSet): self = .string(text, characterSet: characterSet)
        }
    }
}
