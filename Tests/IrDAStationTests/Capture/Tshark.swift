import Testing

/// Wireshark's decoder on the command line.
enum Tshark {
    /// What it prints about a capture, line by line.
    static func lines(
        about path: String, _ arguments: String, in directory: borrowing TemporaryDirectory
    ) throws -> [Substring] {
        let (text, status) = try output(of: "tshark -r '\(path)' \(arguments) 2>'\(directory.path)/errors'")
        try #require(
            status != 127,
            "tshark is not installed, and without it nobody checks the captures: apt-get install --no-install-recommends tshark"
        )
        let errors = String(decoding: try contents(of: directory.path + "/errors"), as: UTF8.self)
        try #require(status == 0, "tshark ended with \(status): \(errors)")
        return text.split(separator: "\n")
    }

    /// The frames that it finds malformed, or has a warning about.
    static func complaints(
        about path: String, in directory: borrowing TemporaryDirectory
    ) throws -> [Substring] {
        try lines(about: path, "-Y '_ws.malformed || _ws.expert.severity >= warning'", in: directory)
    }
}
