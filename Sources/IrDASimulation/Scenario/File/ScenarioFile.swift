import SystemPackage
import Yams

/// Scenarios as text: YAML whose keys are checked, one by one, with the line and column of whatever is wrong.
///
/// ```yaml
/// range: 1                       # metres that light reaches
/// bit-error-rate: 0.00001        # probability that a received bit is wrong
/// seed: 42                       # what all that is random follows from
/// station:                       # the local station
///   name: Laptop
///   hints: [computer]
/// devices:
///   - name: Phone
///     address: 0x9ABCDEF1        # random without it
///     hints: [telephony, obex]
///     position: [0.4, 0.2]       # metres
///     parameters:                # what it announces when a link is set up
///       speed: 57600             # the fastest; or all of them: [9600, 115200]
///       data-size: 512           # bytes
///     services:
///       - class: Echo
///         behaviour: echo        # or sink, source:BYTES, exec:COMMAND
///         selector: 0x12         # any without it
///         attributes: {Version: 1, Note: "text", Data: [1, 2, 255]}
///     objects:                   # what else is in the information base
///       - class: PnP
///         attributes: {Manufacturer: IrSock}
/// faults: [lose 5, deaf 10 Phone]  # what goes wrong from the start; see `Fault`
/// ```
///
/// Keys and their meaning are those of ``Scenario`` in kebab case; all but a device's `name`, an object's `class` and a
/// service's `behaviour` may be left out. Attributes are numbers (integers without quotes), texts, lists of bytes, or
/// nothing (`null`). Anchors and aliases (`&x`, `*x`) are refused: a few of them stand for more than any memory holds.
public enum ScenarioFile {
    /// The longest file, in bytes.
    public static let maximumSize = 1 << 20

    /// Reads a file.
    ///
    /// - Throws: `ScenarioError` if the file cannot be read or is no scenario.
    public static func load(path: String) throws(ScenarioError) -> Scenario {
        let bytes: [UInt8]
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            bytes = try descriptor.closeAfter { try read(descriptor) }
        } catch {
            let reason = (error as? Errno)?.description ?? "\(error)"
            throw ScenarioError(
                "the scenario cannot be read: \(reason); check the path and its permissions", file: path)
        }
        return try parse(bytes, name: path)
    }

    /// Reads text that came as bytes.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - name: what errors call the text.
    public static func parse(_ bytes: [UInt8], name: String) throws(ScenarioError) -> Scenario {
        // Before anything else looks at all of it.
        try checkSize(bytes.count, name: name)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ScenarioError(
                "this is not UTF-8; save the file in that encoding", file: name, at: positionOfBadUTF8(in: bytes))
        }
        return try parse(text, name: name)
    }

    /// Reads text.
    ///
    /// - Parameters:
    ///   - text: the YAML.
    ///   - name: what errors call the text.
    /// - Throws: `ScenarioError` with the place in the text.
    public static func parse(_ text: String, name: String) throws(ScenarioError) -> Scenario {
        try checkSize(text.utf8.count, name: name)
        do {
            return try scenario(in: text)
        } catch {
            var error = error
            error.file = name
            throw error
        }
    }

    private static func scenario(in text: String) throws(ScenarioError) -> Scenario {
        if let position = YAMLText.firstAlias(in: text) {
            throw ScenarioError(
                "a scenario has no anchors and aliases (&x and *x); write the value out, or quote the text",
                at: position)
        }
        guard let root = try YAMLText.compose(text) else {
            throw ScenarioError(
                "there is no scenario; one begins with a key such as 'devices:'",
                at: ScenarioError.Position(line: 1, column: 1))
        }
        let node = ScenarioNode(root)
        let scenario = try Scenario(node)
        do {
            // Whoever makes a simulation of it later finds nothing more.
            _ = try scenario.makeSimulation()
        } catch {
            var error = error
            error.position = node.position(of: error.place)
            throw error
        }
        return scenario
    }

    private static func checkSize(_ size: Int, name: String) throws(ScenarioError) {
        guard size <= maximumSize else {
            throw ScenarioError(
                "the file is too large for a scenario; at most \(maximumSize) bytes are read", file: name)
        }
    }

    /// The bytes of a file, up to the first that is too much.
    private static func read(_ descriptor: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while bytes.count <= maximumSize {
            let count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return bytes
    }

    private static func positionOfBadUTF8(in bytes: [UInt8]) -> ScenarioError.Position {
        var line = 1
        for piece in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if String(validating: piece, as: UTF8.self) == nil {
                let good = String(decoding: piece, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
                return ScenarioError.Position(line: line, column: good.count + 1)
            }
            line += 1
        }
        return ScenarioError.Position(line: line, column: 1)
    }
}
