import IrDAProtocol

extension Scenario {
    /// A phone, a printer and a dive computer, all in sight of the local station and of each other.
    ///
    /// The phone has an inbox (classes `OBEX` and `OBEX:IrXfer`), a modem (`IrDA:IrCOMM`) and echoes (`Echo`), the printer
    /// swallows (`IrLPT` and `Paper`), and the dive computer sends 64 KiB of ``ServiceBehaviour/patternByte(at:)`` (`DiveLog`).
    public static let livingRoom = Scenario(
        range: 1,
        devices: [
            Device(
                name: "Phone", hints: [.telephony, .irCOMM, .obex], position: Position(x: 0.4, y: 0.2),
                services: [
                    Service(className: "OBEX", behaviour: .inbox),
                    Service(className: "OBEX:IrXfer", behaviour: .inbox),
                    Service(className: IrCOMMOffer.className, behaviour: .modem),
                    Service(className: "Echo", behaviour: .echo),
                ]),
            Device(
                name: "Printer", hints: .printer, position: Position(x: 0.6, y: -0.2),
                services: [
                    Service(className: "IrLPT", behaviour: .printer), Service(className: "Paper", behaviour: .sink),
                ]),
            Device(
                name: "Dive Computer", position: Position(x: 0.3),
                services: [Service(className: "DiveLog", behaviour: .source(bytes: 65536))]),
        ])
}
