import IrDABackend
import IrDAService

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
