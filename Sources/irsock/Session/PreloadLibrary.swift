import Glibc
import SocketBackends
import SystemPackage

/// The library that gives AF_IRDA to programs: beside irsock where it was built, or in PREFIX/lib/irsock where irsock is in
/// PREFIX/bin.
struct PreloadLibrary {
    private let path: FilePath

    private static let name = "libirsock-preload.so"
    /// The half that it loads when a program makes its first infrared socket, from the same directory.
    private static let partner = "libirsock-af-irda.so"
    private static let operation = "run a program with AF_IRDA"

    /// Finds the library.
    ///
    /// - Throws: WSASYSNOTREADY if it is not where it should be.
    static func find() throws(SocketError) -> PreloadLibrary {
        let bin = FilePath(realPath(of: "/proc/self/exe")).removingLastComponent()
        let places = [bin, bin.removingLastComponent().appending("lib").appending("irsock")]
        guard
            let place = places.first(where: { place in
                [name, partner].allSatisfy { access(place.appending($0).string, R_OK) == 0 }
            })
        else {
            throw SocketError(
                .WSASYSNOTREADY, operation: operation,
                reason: "\(name) and \(partner) are not in \(places.map(\.string).joined(separator: " or "))",
                advice: "Build all of the package (swift build), or install it (make install).")
        }
        let path = place.appending(name)
        guard !path.string.contains(where: { $0 == " " || $0 == ":" }) else {
            throw SocketError(
                .WSASYSNOTREADY, operation: operation,
                reason: "the path of \(path) has a space or a colon, which LD_PRELOAD cannot hold",
                advice: "Move or install irsock to a directory without them.")
        }
        return PreloadLibrary(path: path)
    }

    private static func realPath(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// What LD_PRELOAD is to be: this library, then what was there.
    func list(before others: String?) -> String {
        let rest = (others ?? "").split(whereSeparator: { $0 == " " || $0 == ":" }).filter { $0 != path.string }
        return ([path.string] + rest.map(String.init)).joined(separator: ":")
    }
}
