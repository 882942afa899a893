import Yams

/// YAML text to nodes, with errors that name a place.
enum YAMLText {
    /// The root node; nil for text without one.
    static func compose(_ text: String) throws(ScenarioError) -> Node? {
        do {
            // Without a resolver: what a scalar means depends on its key here, not on its looks.
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch let error as YamlError {
            throw ScenarioError(error, text: text)
        } catch {
            throw ScenarioError("the YAML cannot be read: \(error)", at: ScenarioError.Position(line: 1, column: 1))
        }
    }

    /// The first alias of an anchor that the text has; nil if there is none.
    ///
    /// Nodes are shared in memory but hashed one by one, so aliases must be found before the text is parsed. Looking
    /// for the two tokens anywhere in the text finds every alias, and hardly ever anything else.
    static func firstAlias(in text: String) -> ScenarioError.Position? {
        let bytes = Array(text.utf8)
        let anchors = Set(names(after: UInt8(ascii: "&"), in: bytes).map(\.name))
        guard !anchors.isEmpty,
            let alias = names(after: UInt8(ascii: "*"), in: bytes).first(where: { anchors.contains($0.name) })
        else { return nil }
        let before = String(decoding: bytes[..<alias.offset], as: UTF8.self)
        return ScenarioError.Position(endOf: before)
    }

    private static func names(after mark: UInt8, in bytes: [UInt8]) -> [(offset: Int, name: ArraySlice<UInt8>)] {
        bytes.indices.lazy.filter { bytes[$0] == mark }.compactMap { offset in
            let name = bytes[(offset + 1)...].prefix { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            return name.isEmpty ? nil : (offset, name)
        }
    }
}

extension ScenarioError {
    fileprivate init(_ error: YamlError, text: String) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let beginning = context.map { " (\($0.text) that began in line \($0.mark.line))" } ?? ""
            self.init("this is not YAML: \(problem)\(beginning)", at: Position(mark))
        case .reader(let problem, let offset, _, _):
            let end = offset.flatMap { text.index(text.startIndex, offsetBy: $0, limitedBy: text.endIndex) }
            self.init("this is not YAML: \(problem)", at: Position(endOf: text[..<(end ?? text.startIndex)]))
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
            self.init("the key \(names) appears again further down; keep one of them", at: Position(context.mark))
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            self.init("the YAML cannot be read: \(error)", at: Position(line: 1, column: 1))
        }
    }
}

extension ScenarioError.Position {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }

    /// The place right behind some text.
    init(endOf text: some StringProtocol) {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        self.init(line: max(lines.count, 1), column: (lines.last?.count ?? 0) + 1)
    }
}
