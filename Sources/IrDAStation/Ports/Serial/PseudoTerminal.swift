import CLinux
import Glibc
import SocketBackends
import SystemPackage

/// A pseudo-terminal that programs can open, and its other end.
final class PseudoTerminal: Sendable {
    /// What a program opens.
    let path: String
    private let master: SharedDescriptor
    /// Kept open, so that the other end does not hang up whenever a program closes it.
    private let terminal: SharedDescriptor

    /// Makes one, raw.
    ///
    /// - Parameter rate: the speed that it stands at, in bit/s.
    init(rate: Int) throws(SocketError) {
        let operation = "make a pseudo-terminal"
        var name = [CChar](repeating: 0, count: 64)
        let opened = try systemCall(for: operation) { clinux_pseudo_terminal_open(&name) }
        let master = OwnedDescriptor(FileDescriptor(rawValue: opened))
        let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let other = try systemCall(for: operation) { Glibc.open(path, O_RDWR | O_NOCTTY | O_CLOEXEC) }
        let terminal = OwnedDescriptor(FileDescriptor(rawValue: other))
        try systemCall(for: operation) { clinux_terminal_make_raw(other) }
        try systemCall(for: operation) { clinux_terminal_set_rate(other, UInt32(clamping: rate)) }
        self.path = path
        self.master = SharedDescriptor(master)
        self.terminal = SharedDescriptor(terminal)
    }

    /// A descriptor of its own for reading and writing at this end.
    func makeDataDescriptor() throws(SocketError) -> CInt {
        let operation = "use \(path)"
        return try master.withDescriptor(for: operation) { master throws(SocketError) in
            try systemCall(for: operation) { fcntl(master.rawValue, F_DUPFD_CLOEXEC, 0) }
        }
    }

    /// The speed that the program at the other end has set, in bit/s; nil if it cannot be told.
    var rate: Int? {
        var rate: UInt32 = 0
        let isKnown = try? master.withDescriptor(for: "read the speed of \(path)") { master throws(SocketError) in
            try systemCall(for: "read the speed") { clinux_terminal_rate(master.rawValue, &rate) }
        }
        return isKnown == nil || rate == 0 ? nil : Int(rate)
    }

    /// Takes it away: programs that have it open see a hang-up.
    func close() {
        master.close()
        terminal.close()
    }
}
