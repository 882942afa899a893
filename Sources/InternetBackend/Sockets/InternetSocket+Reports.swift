import Glibc
import SocketBackends
import SystemPackage

extension InternetSocket {
    /// Takes the ICMP messages that the kernel keeps for a socket that connects.
    ///
    /// Linux queues them over IPv4 although nobody has asked for them, shows the descriptor as broken while one is there, whatever the
    /// attempt does, and keeps them for the next attempt. Untaken, they would end the next attempt before it has begun (rule R33), and wake whoever
    /// waits for the end of this one again and again.
    func takeReports(_ state: inout State) {
        // Fails when there are no more, or when another thread has closed the socket.
        try? call("take the reports of the network") { descriptor throws(Errno) in
            while true {
                if let reported = try takeReport(descriptor) { state.reported = reported }
            }
        }
    }

    /// Takes one message; nil if it carries no error.
    private func takeReport(_ descriptor: FileDescriptor) throws(Errno) -> Errno? {
        // A header of type IP_RECVERR, a sock_extended_err and an address.
        var control = [UInt8](repeating: 0, count: 256)
        var length = 0
        try systemCall {
            control.withUnsafeMutableBytes { room in
                var message = msghdr()
                message.msg_control = room.baseAddress
                message.msg_controllen = room.count
                let answer = system.calls.recvmsg(descriptor.rawValue, &message, Int32(MSG_ERRQUEUE))
                length = message.msg_controllen
                return answer
            }
        }
        let header = MemoryLayout<cmsghdr>.size
        guard length >= header + MemoryLayout<Int32>.size else { return nil }
        let number = control.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: header, as: Int32.self) }
        return number == 0 ? nil : Errno(rawValue: number)
    }
}
