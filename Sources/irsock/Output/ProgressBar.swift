import Glibc

/// How far something has come, on one line of standard error; nothing where that is not a terminal.
struct ProgressBar {
    private let isVisible = isatty(STDERR_FILENO) == 1
    private var shown: Int?
    private static let width = 40

    mutating func show(_ done: Int, of total: Int) {
        guard isVisible, total > 0 else { return }
        let percent = done * 100 / total
        guard percent != shown else { return }
        shown = percent
        let filled = percent * Self.width / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        writeToStandardError("\r             [\(bar)] \(percent) %")
    }

    mutating func clear() {
        guard shown != nil else { return }
        writeToStandardError("\r\u{1B}[K")
        shown = nil
    }
}
