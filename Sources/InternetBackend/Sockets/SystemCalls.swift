package import Glibc

/// The system calls that Internet sockets make.
///
/// A backend is made with those of Linux. A test puts a function of its own in the place of one of them, to meet the errors that no test
/// can bring about: each answers as the C function does, -1 with `errno` set for a failure.
package struct SystemCalls: Sendable {
    package var socket: @Sendable (Int32, Int32, Int32) -> Int32 = { Glibc.socket($0, $1, $2) }
    package var bind: @Sendable (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32 = { Glibc.bind($0, $1, $2) }
    package var listen: @Sendable (Int32, Int32) -> Int32 = { Glibc.listen($0, $1) }
    package var accept: @Sendable (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32 = {
        Glibc.accept($0, $1, $2)
    }
    package var connect: @Sendable (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32 = {
        Glibc.connect($0, $1, $2)
    }
    package var send: @Sendable (Int32, UnsafeRawPointer?, Int, Int32) -> Int = { Glibc.send($0, $1, $2, $3) }
    package var sendto: @Sendable (Int32, UnsafeRawPointer?, Int, Int32, UnsafePointer<sockaddr>, socklen_t) -> Int = {
        Glibc.sendto($0, $1, $2, $3, $4, $5)
    }
    package var recvmsg: @Sendable (Int32, UnsafeMutablePointer<msghdr>, Int32) -> Int = { Glibc.recvmsg($0, $1, $2) }
    package var shutdown: @Sendable (Int32, Int32) -> Int32 = { Glibc.shutdown($0, $1) }
    package var getsockname:
        @Sendable (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32 = {
            Glibc.getsockname($0, $1, $2)
        }
    package var getpeername:
        @Sendable (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32 = {
            Glibc.getpeername($0, $1, $2)
        }
    package var getsockopt:
        @Sendable (Int32, Int32, Int32, UnsafeMutableRawPointer?, UnsafeMutablePointer<socklen_t>) -> Int32 = {
            Glibc.getsockopt($0, $1, $2, $3, $4)
        }
    package var setsockopt: @Sendable (Int32, Int32, Int32, UnsafeRawPointer?, socklen_t) -> Int32 = {
        Glibc.setsockopt($0, $1, $2, $3, $4)
    }
    package var poll: @Sendable (UnsafeMutablePointer<pollfd>, nfds_t, Int32) -> Int32 = { Glibc.poll($0, $1, $2) }
    package var setFlags: @Sendable (Int32, Int32, Int32) -> Int32 = { Glibc.fcntl($0, $1, $2) }

    /// Linux' own.
    package init() {}
}

/// The system of a backend, which all its sockets share.
final class SharedSystemCalls: Sendable {
    let calls: SystemCalls
    let chosenPorts = ChosenPorts()

    init(_ calls: SystemCalls) {
        self.calls = calls
    }
}
