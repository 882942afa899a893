import IrDAProtocol

/// The commands of a modem, as many as show that the line works: it has nobody to call.
struct ModemCommands: Sendable {
    private var line: [UInt8] = []
    private var echoes = true

    private static let carriageReturn: UInt8 = 0x0D
    private static let backspace: UInt8 = 0x08
    /// A longer line is forgotten.
    private static let longestLine = 80

    /// Takes what a computer has sent.
    ///
    /// - Parameter settings: how the port is set, for who asks.
    /// - Returns: what the modem sends back.
    mutating func received(_ data: [UInt8], settings: SerialSettings) -> [UInt8] {
        var answer: [UInt8] = []
        for byte in data {
            if echoes { answer.append(byte) }
            switch byte {
            case Self.carriageReturn:
                answer += execute(settings)
                line = []
            case Self.backspace: _ = line.popLast()
            case 0x21...0x7E: if line.count < Self.longestLine { line.append(byte) }
            default: break
            }
        }
        return answer
    }

    private mutating func execute(_ settings: SerialSettings) -> [UInt8] {
        let command = String(decoding: line, as: UTF8.self).uppercased()
        guard command.hasPrefix("AT") else { return [] }
        switch command.dropFirst(2) {
        case "", "H", "H0", "Z": return Self.say("OK")
        case "E0", "E1":
            echoes = command.hasSuffix("1")
            return Self.say("OK")
        case "I": return Self.say("Simulated modem") + Self.say("OK")
        case "+IPR?": return Self.say("+IPR: \(settings.dataRate)") + Self.say("OK")
        case "&V": return Self.say("\(settings)") + Self.say("OK")
        case let dialled where dialled.hasPrefix("D"): return Self.say("NO DIALTONE")
        default: return Self.say("ERROR")
        }
    }

    private static func say(_ text: String) -> [UInt8] { Array("\r\n\(text)\r\n".utf8) }
}
