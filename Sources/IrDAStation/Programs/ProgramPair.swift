import Glibc
import SocketBackends
import SystemPackage

/// The two ends of a user-space socket: an AF_UNIX pair, one end the program's, one the station's.
///
/// A fresh pair is stuffed: the program's send buffer is at its minimum and full, so that the program's end is not writable
/// until the station takes the filler out. So an ordinary `poll` tells when a connect has ended: on success the station
/// empties the pair (`openForProgram`); on failure it closes its end, and the unread filler makes the program's end readable,
/// writable, failed and hung up at once, as with TCP.
struct ProgramPair: ~Copyable {
    var program: OwnedDescriptor
    var station: StationEnd

    private static let operation = "make a pair of descriptors"
    /// The kernel raises it to its minimum, about 4 KiB.
    private static let smallestBuffer: Int32 = 1

    /// Makes a pair that is open in both directions.
    ///
    /// - Parameters:
    ///   - type: a stream, or messages.
    ///   - programBlocks: whether calls on the program's end wait; the station's never do.
    static func open(
        _ type: SocketType = .stream, programBlocks: Bool = false
    ) throws(SocketError) -> ProgramPair {
        var ends: [Int32] = [-1, -1]
        try systemCall(for: operation) {
            socketpair(AF_UNIX, type.rawValue | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends)
        }
        if programBlocks { _ = fcntl(ends[0], F_SETFL, 0) }  // cannot fail on a descriptor that has just been made
        return ProgramPair(
            program: OwnedDescriptor(FileDescriptor(rawValue: ends[0])),
            station: StationEnd(descriptor: OwnedDescriptor(FileDescriptor(rawValue: ends[1]))))
    }

    /// Makes a pair whose program end is not writable yet.
    static func stuffed(_ type: SocketType = .stream) throws(SocketError) -> ProgramPair {
        var pair = try open(type)
        pair.station.filler = try pair.program.withDescriptor { descriptor throws(SocketError) in
            try setSendBuffer(of: descriptor, to: smallestBuffer)
            let piece = [UInt8](repeating: 0, count: 256)
            var filler = 0
            do throws(Errno) {
                while true {
                    filler += try systemCall { send(descriptor.rawValue, piece, piece.count, Int32(MSG_NOSIGNAL)) }
                }
            } catch {
                guard error == .resourceTemporarilyUnavailable else {
                    throw SocketError(error, operation: operation)
                }
            }
            return filler
        }
        return pair
    }

    /// Refuses at the station's end whatever the program would still say: its calls fail with EPIPE.
    ///
    /// - Returns: how many bytes it has said that had not been taken out.
    static func stopListening(_ station: CInt) -> Int {
        _ = shutdown(station, Int32(SHUT_RD))
        var count: Int32 = 0
        guard ioctl(station, UInt(FIONREAD), &count) == 0 else { return 0 }
        // Were it closed with something in it, the program would hear of that, and of messages only then what was delivered.
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while recv(station, &buffer, buffer.count, Int32(MSG_DONTWAIT)) > 0 {}
        return Int(count)
    }

    /// Gives the program's end a send buffer of the usual size.
    static func restoreSendBuffer(of program: FileDescriptor) throws(SocketError) {
        try setSendBuffer(of: program, to: usualBuffer())
    }

    private static func usualBuffer() throws(SocketError) -> Int32 {
        // A fresh socket has what the administrator chose (net.core.wmem_default); the kernel reports twice what is set.
        let fresh = try ProgramPair.open()
        return try fresh.program.withDescriptor { descriptor throws(SocketError) in
            var size: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            try systemCall(for: operation) { getsockopt(descriptor.rawValue, SOL_SOCKET, SO_SNDBUF, &size, &length) }
            return size / 2
        }
    }

    private static func setSendBuffer(of descriptor: FileDescriptor, to size: Int32) throws(SocketError) {
        var size = size
        try systemCall(for: operation) {
            setsockopt(descriptor.rawValue, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
    }
}

/// The station's end of a pair, and how much filler waits in it.
struct StationEnd: ~Copyable {
    let descriptor: OwnedDescriptor
    fileprivate(set) var filler = 0

    /// Takes the filler out, which makes the program's end writable, and gives the descriptor away.
    ///
    /// Exactly the filler: the program may write as soon as there is room, and that is data.
    consuming func open() throws(SocketError) -> FileDescriptor {
        var buffer = [UInt8](repeating: 0, count: filler)
        var taken = 0
        while taken < filler {
            let rest = filler - taken
            taken += try descriptor.withDescriptor { descriptor throws(SocketError) in
                try systemCall(for: "open a connection") { recv(descriptor.rawValue, &buffer, rest, 0) }
            }
        }
        return descriptor.release()
    }
}
