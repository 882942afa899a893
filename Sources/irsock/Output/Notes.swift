import SystemPackage

/// Writes a line for people to standard error, where it does not get into the data.
func note(_ text: String) {
    writeToStandardError(text + "\n")
}

/// Writes to standard error. If that is gone there is nobody to tell.
func writeToStandardError(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
}

/// A failure in one sentence, for standard error.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
