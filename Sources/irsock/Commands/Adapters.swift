import ArgumentParser
import IrDAStation

struct Adapters: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what is plugged in that infrared may come from, and what to do to use it.",
        discussion: """
            Serial ports are listed with what the kernel knows of them. It cannot know which dongle is plugged into one: \
            'irsock probe' finds out. Nothing is sent and no control line is moved.

            An adapter's quirks are what nobody has tried on hardware, or what some of a kind do differently. If it does not \
            work, try them as options of the port (--port usb:1-4,quirk=NAME):

            \(PortOptions.adapters)
            """)

    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let adapters = Adapter.all()
        if json {
            try printJSON(adapters)
        } else if adapters.isEmpty {
            note("No serial port and no infrared adapter is plugged in. docs/hardware.md says what to buy.")
        } else {
            print(
                Table(
                    headings: ["PORT", "WHAT IT IS", "DRIVER", "DONGLE", "WHAT TO DO"],
                    rows: adapters.map { adapter in
                        [
                            adapter.port ?? "-", adapter.description, adapter.driver ?? "-", adapter.dongle ?? "?",
                            adapter.advice,
                        ]
                    }))
            for adapter in adapters where !adapter.quirks.isEmpty {
                note(
                    "If \(adapter.port ?? adapter.description) does not work: \(adapter.quirks.joined(separator: ", "))."
                )
            }
        }
    }
}
