import Testing

/// A capture as an independent decoder reads it.
struct Capture {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    /// What tshark prints about it, line by line.
    func tshark(_ arguments: String...) async throws -> [String] {
        let outcome = try await Program.tshark.run(["-r", path] + arguments)
        try #require(outcome.exitCode == 0, "tshark cannot read \(path): \(outcome.errors)")
        return outcome.lines
    }

    /// Checks that nothing is malformed, and that what the frames are shows these parts in this order, with anything in between.
    func expect(_ steps: [String], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        #expect(try await tshark("-Y", "_ws.malformed") == [], sourceLocation: sourceLocation)
        var rest = try await tshark("-T", "fields", "-e", "_ws.col.Info")[...]
        for step in steps {
            guard let place = rest.firstIndex(where: { $0.contains(step) }) else {
                Issue.record("no '\(step)' in what is left of the capture: \(rest)", sourceLocation: sourceLocation)
                return
            }
            rest = rest[(place + 1)...]
        }
    }

    /// A session from the discovery to the end of the link.
    ///
    /// - Parameter data: what the frames with data show.
    static func session(service: String, data: [String]) -> [String] {
        [
            "U P, func=XID, s=0", "U F, func=XID, \"Phone\"", "U P, func=XID, s=final, \"IrSock\"", "U P, func=SNRM",
            "U F, func=UA", "> 0, Connect Command", "0 > ", "GetValueByClass: \"\(service)\" \"IrDA:TinyTP:LsapSel\"",
            "Result: Success, Integer: ", "Connect Command", "Connect Confirm",
        ] + data + ["U P, func=DISC", "U F, func=UA"]
    }
}
