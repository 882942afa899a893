import Glibc
import Testing

/// A folder with files, such as a piece of sysfs; gone with the test.
final class FileTree {
    let path = "/tmp/irsock-tree-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    private var made: [String] = []

    init(_ files: [String: String]) throws {
        for (name, text) in files {
            let parts = "\(path)/\(name)".split(separator: "/")
            for count in 1..<parts.count {
                let folder = "/" + parts.prefix(count).joined(separator: "/")
                if mkdir(folder, 0o700) == 0 { made.append(folder) }
            }
            let file = try #require(fopen("\(path)/\(name)", "w"))
            let bytes = Array(text.utf8)
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
            made.append("\(path)/\(name)")
        }
    }

    deinit { for path in made.reversed() where unlink(path) != 0 { rmdir(path) } }
}
