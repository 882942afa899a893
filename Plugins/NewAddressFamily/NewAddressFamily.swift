import Foundation
import PackagePlugin

/// `swift package new-address-family NAME`: writes the beginnings of an address family, which build and pass at once.
@main
struct NewAddressFamily: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) throws {
        let request = try Request(arguments)
        if request.wantsHelp {
            print(Request.help)
            return
        }
        let package = context.package
        let template = Template(
            name: request.name, number: request.number, isInIrSock: package.displayName == "IrSock")
        var manifest = try Manifest(directory: package.directoryURL)
        for file in template.files {
            let url = package.directoryURL.appendingPathComponent(file.path)
            guard !FileManager.default.fileExists(atPath: url.path) else {
                throw Refusal("\(file.path) is there already; nothing was written.")
            }
        }
        try manifest.add(template)
        for file in template.files {
            let url = package.directoryURL.appendingPathComponent(file.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: url)
            print("wrote   \(file.path)")
        }
        try manifest.write()
        print("changed Package.swift")
        if template.isInIrSock, try Catalogue.add(template, directory: package.directoryURL) {
            print("changed \(Catalogue.path)")
        }
        print("Next: swift test --filter \(template.module)Tests, and docs/add-an-address-family.md.")
    }
}

/// What was asked for.
private struct Request {
    var name = ""
    var number: UInt16 = 201
    var wantsHelp = false

    static let help = """
        USAGE: swift package --allow-writing-to-package-directory new-address-family NAME [--number N]

        Writes Sources/NAMEBackend and Tests/NAMEBackendTests, and adds both to Package.swift. The family reads and prints \
        addresses, and declines to make sockets until you have written them; its test runs the conformance kit.

          NAME        the family, as a Swift type is named: Number, MyRadio
          --number N  its Winsock number, from 1 to 65535 (default: 201)
        """

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "-h", "--help": wantsHelp = true
            case "--number":
                guard let number = rest.popFirst().flatMap(UInt16.init), number > 0 else {
                    throw Refusal("--number takes a number from 1 to 65535.")
                }
                self.number = number
            case _ where argument.hasPrefix("-"):
                throw Refusal("There is no option \(argument).\n\(Self.help)")
            default:
                guard name.isEmpty else { throw Refusal("Give one name; there are \(name) and \(argument).") }
                name = argument
            }
        }
        guard !wantsHelp else { return }
        guard name.range(of: "^[A-Z][A-Za-z0-9]*$", options: .regularExpression) != nil else {
            throw Refusal(
                name.isEmpty
                    ? Self.help : "'\(name)' is no name of a type: begin with a capital, go on with letters and digits."
            )
        }
    }
}

/// Package.swift, to which targets are added.
private struct Manifest {
    private let url: URL
    private var text: String

    init(directory: URL) throws {
        url = directory.appendingPathComponent("Package.swift")
        text = try String(contentsOf: url, encoding: .utf8)
    }

    /// Puts the new targets at the beginning of the list.
    mutating func add(_ template: Template) throws {
        let settings = text.contains("let settings: [SwiftSetting]") ? ", swiftSettings: settings" : ""
        let targets = template.targets(settings: settings)
        guard let list = text.range(of: "\n    targets: [\n") else {
            throw Refusal(
                "Package.swift has no line '    targets: [' of its own; nothing was written. Put these targets in it:\n\(targets)"
            )
        }
        text.insert(contentsOf: targets, at: list.upperBound)
        if template.isInIrSock, let program = text.range(of: "name: \"irsock\",\n            dependencies: [\n") {
            text.insert(contentsOf: "                \"\(template.module)\",\n", at: program.upperBound)
        }
    }

    func write() throws {
        try Data(text.utf8).write(to: url)
    }
}

/// The list of the families that irsock has.
private enum Catalogue {
    static let path = "Sources/irsock/Session/BuiltInFamilies.swift"

    /// Adds a line; false if there is no such list.
    static func add(_ template: Template, directory: URL) throws -> Bool {
        let url = directory.appendingPathComponent(path)
        guard var text = try? String(contentsOf: url, encoding: .utf8),
            let end = text.range(of: "    ]\n}")
        else { return false }
        text.insert(contentsOf: "        \(template.module)(),\n", at: end.lowerBound)
        // The imports stay in order, as swift-format wants.
        let lines = text.components(separatedBy: "\n")
        let imports = lines.prefix { $0.hasPrefix("import ") } + ["import \(template.module)"]
        text = (imports.sorted() + lines.dropFirst(imports.count - 1)).joined(separator: "\n")
        try Data(text.utf8).write(to: url)
        return true
    }
}

/// Why nothing was done, in a sentence.
struct Refusal: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
