import Glibc

/// What the kernel says of processes.
enum ProcessTable {
    /// Whether a process has ended; one that nobody has asked for its end yet has, too.
    static func hasEnded(_ process: pid_t) -> Bool {
        guard let status = try? Scratch.contents(of: "/proc/\(process)/stat") else { return true }
        // 28411 (sleep) Z 1 ...
        return status.contains(") Z ")
    }

    /// How many descriptors a process has open.
    static func descriptorCount(of process: pid_t) -> Int { entries(of: "/proc/\(process)/fd").count }

    /// The children of all threads of a process.
    static func children(of process: pid_t) -> [pid_t] {
        entries(of: "/proc/\(process)/task").flatMap { thread in
            let children = (try? Scratch.contents(of: "/proc/\(process)/task/\(thread)/children")) ?? ""
            return children.split(separator: " ").compactMap { pid_t($0) }
        }
    }

    private static func entries(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
