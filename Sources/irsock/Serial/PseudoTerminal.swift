import Glibc
import SocketBackends
import SystemPackage

/// A pseudo-terminal that programs open like a serial port, seen from the side of who plays the port.
struct PseudoTerminal: ~Copyable {
    /// What programs open.
    let path: String
    private let master: OwnedDescriptor
    /// Kept open, or the settings would be lost whenever no program has it open, and reading would fail.
    private let slave: OwnedDescriptor
    private let watch: OwnedDescriptor
    /// How many programs have it open.
    private(set) var openings = 0

    private static let operation = "make a pseudo-terminal"
    // Numbers of Linux's asm-generic/ioctls.h that come from macros with types, which Swift does not see.
    private static let unlockRequest: UInt = 0x4004_5431  // TIOCSPTLCK
    private static let numberRequest: UInt = 0x8004_5430  // TIOCGPTN
    private static let signalRequest: UInt = 0x4004_5436  // TIOCSIG

    /// Makes one in raw mode, set to 9600 8N1.
    init() throws(SocketError) {
        let master = OwnedDescriptor(
            FileDescriptor(
                rawValue: try systemCall(for: Self.operation) {
                    open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
                }))
        let number = master.withDescriptor { $0.rawValue }
        var unlock: Int32 = 0
        var index: UInt32 = 0
        var packetMode: Int32 = 1
        try systemCall(for: Self.operation) { ioctl(number, Self.unlockRequest, &unlock) }
        try systemCall(for: Self.operation) { ioctl(number, Self.numberRequest, &index) }
        try systemCall(for: Self.operation) { ioctl(number, UInt(TIOCPKT), &packetMode) }
        let path = "/dev/pts/\(index)"
        let slave = OwnedDescriptor(
            FileDescriptor(
                rawValue: try systemCall(for: Self.operation) { open(path, O_RDWR | O_NOCTTY | O_CLOEXEC) }))
        var settings = termios()
        try systemCall(for: Self.operation) { tcgetattr(number, &settings) }
        // Not what a terminal begins with: a device that hears its own words come back is misled.
        cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CLOCAL | HUPCL)
        cfsetspeed(&settings, speed_t(B9600))
        try systemCall(for: Self.operation) { tcsetattr(number, TCSANOW, &settings) }
        let watch = OwnedDescriptor(
            FileDescriptor(
                rawValue: try systemCall(for: Self.operation) {
                    inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
                }))
        try systemCall(for: Self.operation) {
            inotify_add_watch(watch.withDescriptor { $0.rawValue }, path, UInt32(IN_OPEN | IN_CLOSE))
        }
        self.path = path
        self.master = master
        self.slave = slave
        self.watch = watch
    }

    /// The number to wait for data and room.
    var number: Int32 { master.withDescriptor { $0.rawValue } }
    /// The number to wait for programs that come and go.
    var watchNumber: Int32 { watch.withDescriptor { $0.rawValue } }

    /// How programs have set it.
    var settings: termios {
        get throws(SocketError) {
            var settings = termios()
            try systemCall(for: "read the settings of \(path)") { tcgetattr(number, &settings) }
            return settings
        }
    }

    /// What programs have written.
    ///
    /// - Returns: nothing if there is nothing now.
    func read() throws(SocketError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        do throws(Errno) {
            let count = try systemCall { Glibc.read(number, &buffer, buffer.count) }
            // In packet mode the first byte is 0 before data; else it tells of something like a flush, which needs nothing here.
            return count > 1 && buffer[0] == 0 ? Array(buffer[1..<count]) : []
        } catch {
            if error == .wouldBlock { return [] }
            throw SocketError(error, operation: "read from \(path)")
        }
    }

    /// Gives bytes to programs.
    ///
    /// - Returns: how many there was room for.
    func write(_ bytes: ArraySlice<UInt8>) throws(SocketError) -> Int {
        let piece = Array(bytes)
        do throws(Errno) {
            return try systemCall { Glibc.write(number, piece, piece.count) }
        } catch {
            if error == .wouldBlock { return 0 }
            throw SocketError(error, operation: "write to \(path)")
        }
    }

    /// A break has come: does with it what the program that has it open asked for (termios(3)).
    ///
    /// - Returns: bytes that stand for it in the data.
    func deliverBreak() throws(SocketError) -> [UInt8] {
        let flags = try settings.c_iflag
        if flags & tcflag_t(IGNBRK) != 0 { return [] }
        if flags & tcflag_t(BRKINT) != 0 {
            // Without a program in the foreground nobody is interrupted.
            _ = ioctl(number, Self.signalRequest, SIGINT)
            return []
        }
        return flags & tcflag_t(PARMRK) != 0 ? [0xFF, 0, 0] : [0]
    }

    /// Takes note of programs that have come and gone.
    ///
    /// - Returns: whether one has come, which may have gone again already.
    mutating func countOpenings() -> Bool {
        var hasComer = false
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = Glibc.read(watchNumber, &buffer, buffer.count), count > 0 {
            buffer.withUnsafeBytes { bytes in
                var offset = 0
                let size = MemoryLayout<inotify_event>.size
                while offset + size <= count {
                    let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    if event.mask & UInt32(IN_OPEN) != 0 {
                        openings += 1
                        hasComer = true
                    }
                    if event.mask & UInt32(IN_CLOSE) != 0 { openings = max(0, openings - 1) }
                    offset += size + Int(event.len)
                }
            }
        }
        return hasComer
    }

    /// Forgets what no program has read: whoever opens a serial port does not get what came before.
    func flush() {
        slave.withDescriptor { _ = tcflush($0.rawValue, TCIFLUSH) }
    }
}
