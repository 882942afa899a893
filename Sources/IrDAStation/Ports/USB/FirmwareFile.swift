import Glibc
import IrDAAdapters
import SocketBackends
import SystemPackage

/// A file with an adapter's firmware, which is the maker's and does not come with IrSock.
enum FirmwareFile {
    static let folder = "/lib/firmware"

    /// What the owner of an adapter has to do about its firmware.
    static func advice(for plugged: PluggedAdapter) -> String {
        "The file \(name(for: plugged)) was handed out for Linux's old driver. Name it: --port usb:\(plugged.place),firmware=FILE"
    }

    private static func name(for plugged: PluggedAdapter) -> String {
        plugged.release.map(STIr421xFirmware.fileName) ?? "4210….sb"
    }

    /// Whether there is one where systems keep such files.
    static func isInstalled(for plugged: PluggedAdapter, in folder: String) -> Bool {
        plugged.release.map { access("\(folder)/\(STIr421xFirmware.fileName(release: $0))", R_OK) == 0 } ?? false
    }

    /// More than any is long, and little enough to read at once.
    private static let mostBytes = 1 << 20

    /// Reads the firmware of an adapter: from the file that its owner names, or where systems keep such files.
    ///
    /// - Parameters:
    ///   - path: the owner's file; nil to look for one.
    ///   - plugged: the adapter.
    ///   - operation: what it is for.
    ///   - folder: where systems keep such files.
    /// - Throws: WSAENETDOWN, what is missing, and how to give it; WSAEINVAL if the file is none.
    static func read(
        _ path: String?, for plugged: PluggedAdapter, _ operation: String, folder: String = Self.folder
    ) throws(SocketError) -> STIr421xFirmware {
        let file = path ?? "\(folder)/\(name(for: plugged))"
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try contents(of: file)
        } catch {
            throw SocketError(
                .WSAENETDOWN, errno: error, operation: operation,
                reason: "a \(plugged.kind.summary) needs its firmware, and \(file) cannot be read: \(error)",
                advice: Self.advice(for: plugged))
        }
        do throws(USBProblem) {
            return try STIr421xFirmware(bytes)
        } catch {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "\(file) is no firmware: \(error)",
                advice: "The file is called \(name(for: plugged))")
        }
    }

    private static func contents(of path: String) throws(Errno) -> [UInt8] {
        do {
            // A name may be anybody's: whatever it is, reading it does not wait.
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
            return try file.closeAfter {
                var bytes: [UInt8] = []
                var part = [UInt8](repeating: 0, count: 1 << 16)
                while bytes.count < mostBytes {
                    let count = try part.withUnsafeMutableBytes { try file.read(into: $0) }
                    guard count > 0 else { break }
                    bytes += part.prefix(count)
                }
                return bytes
            }
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}
