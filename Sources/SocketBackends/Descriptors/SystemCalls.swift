public import Glibc

/// The system calls that sockets of the kernel make.
///
/// A backend is made with those of Linux. A test puts a function of its own in the place of one of them, to meet the errors that no test
/// can bring about: each answers as the C function does, -1 with `errno` set for a failure.
public struct SystemCalls: Sendable {
    /// `socket`.
    public var socket: @Sendable (Int32, Int32, Int32) -> Int32 = { Glibc.socket($0, $1, $2) }
    /// `bind`.
    public var bind: @Sendable (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32 = { Glibc.bind($0, $1, $2) }
    /// `listen`.
    public var listen: @Sendable (Int32, Int32) -> Int32 = { Glibc.listen($0, $1) }
    /// `accept`.
    public var accept: @Sendable (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32 = {
        Glibc.accept($0, $1, $2)
    }
    /// `connect`.
    public var connect: @Sendable (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32 = {
        Glibc.connect($0, $1, $2)
    }
    /// `send`.
    public var send: @Sendable (Int32, UnsafeRawPointer?, Int, Int32) -> Int = { Glibc.send($0, $1, $2, $3) }
    /// `sendto`.
    public var sendto: @Sendable (Int32, UnsafeRawPointer?, Int, Int32, UnsafePointer<sockaddr>, socklen_t) -> Int = {
        Glibc.sendto($0, $1, $2, $3, $4, $5)
    }
    /// `recvmsg`.
    public var recvmsg: @Sendable (Int32, UnsafeMutablePointer<msghdr>, Int32) -> Int = { Glibc.recvmsg($0, $1, $2) }
    /// `shutdown`.
    public var shutdown: @Sendable (Int32, Int32) -> Int32 = { Glibc.shutdown($0, $1) }
    /// `getsockname`.
    public var getsockname:
        @Sendable (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32 = {
            Glibc.getsockname($0, $1, $2)
        }
    /// `getpeername`.
    public var getpeername:
        @Sendable (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32 = {
            Glibc.getpeername($0, $1, $2)
        }
    /// `getsockopt`.
    public var getsockopt:
        @Sendable (Int32, Int32, Int32, UnsafeMutableRawPointer?, UnsafeMutablePointer<socklen_t>) -> Int32 = {
            Glibc.getsockopt($0, $1, $2, $3, $4)
        }
    /// `setsockopt`.
    public var setsockopt: @Sendable (Int32, Int32, Int32, UnsafeRawPointer?, socklen_t) -> Int32 = {
        Glibc.setsockopt($0, $1, $2, $3, $4)
    }
    /// `poll`.
    public var poll: @Sendable (UnsafeMutablePointer<pollfd>, nfds_t, Int32) -> Int32 = { Glibc.poll($0, $1, $2) }
    /// `fcntl` with an integer.
    public var setFlags: @Sendable (Int32, Int32, Int32) -> Int32 = { Glibc.fcntl($0, $1, $2) }

    /// Linux' own.
    public init() {}
}
