import Glibc

/// Ends the run with a word on what is wrong, also in a release build, where `precondition` says nothing.
func require(_ holds: @autoclosure () -> Bool, _ complaint: String) {
    guard !holds() else { return }
    let text = "FOUND: \(complaint)\n"
    _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    abort()
}
