import ArgumentParser
import IrDAService
import IrDASimulation

struct Fault: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make things go wrong on a simulated medium while it runs, and right again.",
        discussion: """
              irsock fault add block Phone
              irsock fault add lose 5
              irsock fault list
              irsock fault remove 1
            """,
        subcommands: [Add.self, List.self, Remove.self], defaultSubcommand: List.self)

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a fault; its number is printed.",
            discussion: """
                \(forms)

                A station is a name or an address. Faults add up, and stay until they are removed. A scenario's 'faults' are the
                same, from the start.
                """)

        private static var forms: String {
            let width = IrDASimulation.Fault.forms.map(\.usage.count).max() ?? 0
            return IrDASimulation.Fault.forms.map { form in
                "  \(form.usage)\(String(repeating: " ", count: width - form.usage.count))  \(form.meaning)"
            }.joined(separator: "\n")
        }

        @OptionGroup var service: ServiceOptions
        @Argument(help: ArgumentHelp("The fault.", valueName: "rule")) var rule: [String]

        func run() throws {
            let faults = try service.client().addFault(rule.joined(separator: " "))
            if let added = faults.last { print(added.number) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the faults that are in force.")

        @OptionGroup var service: ServiceOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let faults = try service.client().faults()
            if json {
                try printJSON(faults.map(Row.init))
            } else if faults.isEmpty {
                note("There are no faults.")
            } else {
                print(Table(headings: ["NUMBER", "FAULT"], rows: faults.map { ["\($0.number)", $0.rule] }))
            }
        }

        private struct Row: Encodable {
            let number: UInt32
            let rule: String

            init(_ fault: ServiceFault) {
                number = fault.number
                rule = fault.rule
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a fault.")

        @OptionGroup var service: ServiceOptions
        @Argument(help: ArgumentHelp("Its number, as 'irsock fault list' shows it.", valueName: "number"))
        var number: UInt32

        func run() throws { try service.client().removeFault(number) }
    }
}
