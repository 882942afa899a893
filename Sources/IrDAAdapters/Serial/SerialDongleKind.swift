/// A kind of dongle as people name it: `tekram`, or `raw,rate=115200` with options.
public struct SerialDongleKind: Sendable {
    /// Its name.
    public let name: String
    /// What it is and how to recognise it: one sentence.
    public let summary: String
    /// Its options, each as `name=values`, and what it does.
    public let options: [(usage: String, summary: String)]
    private let make: @Sendable (inout SerialDongleOptions) throws(SerialDongleError) -> any SerialDongle

    init(
        _ name: String, _ summary: String, options: [(usage: String, summary: String)] = [],
        make: @escaping @Sendable (inout SerialDongleOptions) throws(SerialDongleError) -> any SerialDongle
    ) {
        self.name = name
        self.summary = summary
        self.options = options
        self.make = make
    }

    /// All kinds, in the order in which they are listed.
    public static let all: [SerialDongleKind] = [
        SerialDongleKind(
            "raw", "a plain transceiver or UART in infrared mode, without commands; it follows the port's speed",
            options: [
                ("rate=BITS", "its only speed, such as 9600 or 115200"),
                ("lines=on|off", "whether it wants DTR and RTS up (the default) or down"),
            ]
        ) { options throws(SerialDongleError) in
            RawTransceiver(
                fixedRate: try options.rate("rate"),
                lines: try options.choice("lines", ["on": SerialLines.both, "off": .neither]) ?? .both)
        },
        SerialDongleKind(
            "tekram", "Tekram IrMate IR-210B and copies: RS-232, fed by the port", options: [coldStart, commandTime]
        ) { options throws(SerialDongleError) in
            TekramIR210B(
                commandTime: try options.milliseconds("delay") ?? .milliseconds(100),
                startsCold: try options.isOn("cold"))
        },
        SerialDongleKind(
            "irxon", "IRXON IR220: Tekram's commands with the codes of IRXON's manual",
            options: [coldStart, commandTime]
        ) { options throws(SerialDongleError) in
            TekramIR210B(
                pulse: .threeSixteenths, commandTime: try options.milliseconds("delay") ?? .milliseconds(100),
                startsCold: try options.isOn("cold"))
        },
        SerialDongleKind("esi", "Extended Systems JetEye PC ESI-9680: 9600, 19200 and 115200 bit/s only") { _ in
            ExtendedSystemsESI9680()
        },
        SerialDongleKind("actisys", "ACTiSYS ACT-IR220L") { _ in ActisysIR220L(isPlus: false) },
        SerialDongleKind("actisys+", "ACTiSYS ACT-IR220L+, the best serial dongle that is still sold") { _ in
            ActisysIR220L(isPlus: true)
        },
        SerialDongleKind("act200l", "ACTiSYS ACT-IR200L") { _ in ActisysIR200L() },
        SerialDongleKind(
            "girbil", "Greenwich Instruments GIrBIL",
            options: [("echo=on|off", "off tells the chip to suppress the echo of its own light (untested)")]
        ) { options throws(SerialDongleError) in
            GreenwichGIrBIL(cancelsEcho: try options.choice("echo", ["on": false, "off": true]) ?? false)
        },
        SerialDongleKind(
            "litelink", "Parallax LiteLink",
            options: [
                ("wiring=linux|netbsd", "which line resets it; the two systems disagree, and linux is the default")
            ]
        ) { options throws(SerialDongleError) in
            let wirings: [String: ParallaxLiteLink.Wiring] = ["linux": .linux, "netbsd": .netBSD]
            return ParallaxLiteLink(wiring: try options.choice("wiring", wirings) ?? .linux)
        },
        SerialDongleKind("belkin", "old Belkin SmartBeam, Adaptec AIRport 1000 and 2000: 9600 bit/s only") { _ in
            BelkinSmartBeam()
        },
        SerialDongleKind("mcp2120", "Microchip MCP2120, home built, with RTS as reset and DTR as command mode") { _ in
            MicrochipMCP2120()
        },
        SerialDongleKind("ma600", "Mobile Action MA600, and MA-620 with USB", options: [coldStart]) {
            options throws(SerialDongleError) in
            MobileActionMA600(startsCold: try options.isOn("cold"))
        },
        SerialDongleKind(
            "toim3232", "Vishay TOIM3232 or TOIM4232, as in the IRWave IR320ST-2",
            options: [("off=MS", "how long it is without power for a reset; 50, and 500 for stubborn ones")]
        ) { options throws(SerialDongleError) in
            VishayTOIM3232(powerOffTime: try options.milliseconds("off") ?? .milliseconds(50))
        },
    ]

    private static let coldStart = (
        usage: "cold=on", summary: "take its power away for a moment first, for one that does not react"
    )
    private static let commandTime = (
        usage: "delay=MS", summary: "how long a change of speed takes; 100, and 10 should do on a prompt port"
    )

    /// Makes the dongle that a text names.
    ///
    /// - Parameter text: a name, and options after commas: `raw,rate=115200,lines=off`.
    /// - Throws: what is wrong with the text, and what would be right.
    public static func dongle(_ text: String) throws(SerialDongleError) -> any SerialDongle {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.first?.lowercased(), let kind = all.first(where: { $0.name == name }) else {
            throw SerialDongleError(
                "there is no dongle kind '\(parts.first ?? "")'; there are: \(all.map(\.name).joined(separator: ", "))")
        }
        var options = try SerialDongleOptions(parts.dropFirst(), of: kind)
        let dongle = try kind.make(&options)
        try options.checkAllUsed()
        return dongle
    }

    /// The list of kinds with their options, one a line, for `--help`.
    public static var help: String {
        let width = all.map(\.name.count).max() ?? 0
        return all.map { kind in
            let name = kind.name + String(repeating: " ", count: width - kind.name.count)
            let options = kind.options.map { "\n    \(String(repeating: " ", count: width))\($0.usage): \($0.summary)" }
            return "  \(name)  \(kind.summary)" + options.joined()
        }.joined(separator: "\n")
    }
}
