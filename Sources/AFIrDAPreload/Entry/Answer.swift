import SystemPackage

/// What a call tells the C half: a value as a system call returns it, an error number with its sign changed, or one of three words
/// that are neither (CAFIrDAPreload/Calls.h has the same).
enum Answer {
    /// The descriptor is not an AF_IRDA socket (any more).
    static let notOurs = Int32.min
    /// Wait until the descriptor is readable, then ask again.
    static let waitToRead = Int32.min + 1
    /// Wait until the descriptor is writable, then ask again.
    static let waitToWrite = Int32.min + 2

    /// Runs a call on a socket that this library may know.
    static func on(_ descriptor: Int32, _ call: (LinuxSocket) throws(Errno) -> Int32) -> Int32 {
        guard let socket = LinuxSocket.known[descriptor] else { return notOurs }
        return from { () throws(Errno) in try call(socket) }
    }

    /// Runs a call.
    static func from(_ call: () throws(Errno) -> Int32) -> Int32 {
        do throws(Errno) {
            return try call()
        } catch {
            return -error.rawValue
        }
    }
}
