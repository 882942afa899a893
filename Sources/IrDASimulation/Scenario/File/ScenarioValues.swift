import IrDAProtocol

// The values of the file format.
extension ScenarioNode {
    /// The name of a station.
    var name: String {
        get throws(ScenarioError) { try text("a name must be text") }
    }

    /// The name of a class.
    var className: IASName {
        get throws(ScenarioError) { IASName(try text("a class must be text of 1 to \(IASName.maximumLength) bytes")) }
    }

    /// The attributes of an object, in the order of the text.
    var attributes: [IASAttribute] {
        get throws(ScenarioError) {
            var attributes: [IASAttribute] = []
            for (name, _, value) in try pairs("attributes must be names with values") {
                attributes.append(IASAttribute(name: IASName(name), value: try value.attributeValue))
            }
            return attributes
        }
    }

    private var attributeValue: IASValue {
        get throws(ScenarioError) {
            let wanted = "an attribute must be a number, a text, or a list of bytes (0 to 255)"
            if let (text, isPlain) = scalar {
                if isPlain, ["", "~", "null"].contains(text) { return .missing }
                guard isPlain, text.looksLikeInteger else { return .string(try string(text)) }
                return .integer(try integer("an attribute's number must be from \(Int32.min) to \(Int32.max)"))
            }
            var octets: [UInt8] = []
            for item in try items(wanted) { octets.append(try item.integer("a byte must be from 0 to 255")) }
            return .octets(octets)
        }
    }

    private func string(_ text: String) throws(ScenarioError) -> IASString {
        let (characterSet, bytes) = CharacterSet.encode(text, limit: .max)
        guard bytes.count <= IASString.maximumLength else {
            throw ScenarioError("an attribute's text must have at most \(IASString.maximumLength) bytes", at: position)
        }
        return IASString(characterSet: characterSet, bytes: bytes)
    }
}

extension String {
    /// Whether a scalar without quotes is meant as a number, and not as a text like `1.0` or `12-B`.
    fileprivate var looksLikeInteger: Bool {
        if hasPrefix("0x") { return count > 2 && dropFirst(2).allSatisfy(\.isHexDigit) }
        let digits = hasPrefix("-") ? dropFirst() : self[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}

extension Position {
    init(_ node: ScenarioNode) throws(ScenarioError) {
        let wanted = "a position must be two numbers of metres, such as [0.5, 0]"
        let items = try node.items(wanted)
        guard items.count == 2 else {
            throw ScenarioError("\(wanted); these are \(items.count)", at: node.position)
        }
        self.init(x: try items[0].number(wanted), y: try items[1].number(wanted))
    }
}

extension ServiceHints {
    /// The names that hints have; those without are written as `0x…`.
    private static let known = ServiceHints(rawValue: .max).names.filter { !$0.hasPrefix("0x") }

    init(_ node: ScenarioNode) throws(ScenarioError) {
        self = []
        for item in node.items ?? [node] {
            let name = try item.text("a hint must be one of \(Self.known.joined(separator: ", "))")
            guard let hint = ServiceHints(name: name) else {
                let ending = Suggestion.ending(for: name, among: Self.known)
                throw ScenarioError("there is no hint '\(name)'\(ending), or bits such as 0x2000", at: item.position)
            }
            formUnion(hint)
        }
    }
}

extension ServiceBehaviour {
    init(_ node: ScenarioNode) throws(ScenarioError) {
        let text = try node.text("a behaviour must be one of \(Self.forms.joined(separator: ", "))")
        guard let behaviour = ServiceBehaviour(text) else {
            let words = Self.forms.map { String($0.prefix { $0.isLetter }) }
            let ending = Suggestion.ending(
                for: String(text.prefix { $0.isLetter }), among: words, list: Self.forms)
            throw ScenarioError("there is no behaviour '\(text)'\(ending)", at: node.position)
        }
        self = behaviour
    }
}
