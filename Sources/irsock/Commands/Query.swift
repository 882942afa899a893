import ArgumentParser
import IrDABackend
import IrDAProtocol
import SocketBackends
import Winsock

struct Query: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask an infrared device for an attribute in its information base (IAS).",
        discussion: """
            Every device answers for the class Device (attributes DeviceName and IrLMPSupport). A service is a class of its \
            own; its attribute IrDA:TinyTP:LsapSel is the selector that connections go to.

              irsock query Phone Device DeviceName --simulate
              irsock query 0x9ABCDEF1 OBEX IrDA:TinyTP:LsapSel
            """)

    @Argument(help: "The device: its name, or its address as 'irsock discover' shows it.") var device: String
    @Argument(help: "The class.") var className: String
    @Argument(help: "The attribute.") var attribute: String
    @OptionGroup var simulation: SimulationOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try Session.run(simulation) { session in
            let device = try session.infraredDevice(named: device)
            let answer = try session.query(attribute, of: className, at: device)
            switch answer {
            case .noSuchClass:
                throw Failure("\(self.device) has no class '\(className)'. Names are compared letter by letter.")
            case .noSuchAttribute:
                throw Failure(
                    "the class '\(className)' of \(self.device) has no attribute '\(attribute)'. Names are compared letter "
                        + "by letter.")
            case .integer, .octets, .string:
                if json { try printJSON(Value(answer)) } else { print(Value(answer).text) }
            }
        }
    }

    private struct Value: Encodable {
        let type: String
        let value: String

        init(_ answer: IASAnswer) {
            switch answer {
            case .integer(let number): (type, value) = ("integer", "\(number)")
            case .octets(let octets): (type, value) = ("octets", octets.map(Self.hexadecimal).joined(separator: " "))
            case .string(let text, let characterSet):
                let string = IASString(characterSet: IrDAProtocol.CharacterSet(rawValue: characterSet), bytes: text)
                (type, value) = ("string", string.text)
            case .noSuchClass, .noSuchAttribute: (type, value) = ("missing", "")
            }
        }

        private static func hexadecimal(_ byte: UInt8) -> String {
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }

        var text: String { value }
    }
}

extension Session {
    /// The device that a person means, by name or address.
    func infraredDevice(named name: String) throws -> IrDADeviceID {
        // The service does not matter here; the family's own reading of addresses finds the device.
        let address = try winsock.resolve("\(name)/lsap:1", family: .irda)
        return try IrDAAddress(address, for: "find the device '\(name)'").device
    }
}
