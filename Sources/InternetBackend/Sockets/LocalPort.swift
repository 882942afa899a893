import Glibc
import SocketBackends
import SystemPackage

extension InternetSocket {
    /// The ports from which Windows chooses.
    private static let dynamicPorts: ClosedRange<UInt16> = 49152...65535
    private static let attempts = 64

    func bind(_ descriptor: FileDescriptor, to address: InternetAddress) throws(Errno) {
        try systemCall { address.withKernelAddress { system.calls.bind(descriptor.rawValue, $0, $1) } }
    }

    /// Binds to a port of our own choice.
    ///
    /// A port that the kernel has chosen is lost when the socket's peer is taken away or refuses; one that was asked for by number
    /// stays, as Winsock wants it (decision D23, rule R12).
    func bindToFreePort(of address: InternetAddress, _ descriptor: FileDescriptor) throws(Errno) {
        for _ in 0..<Self.attempts {
            do throws(Errno) {
                return try bind(descriptor, to: address.with(port: .random(in: Self.dynamicPorts)))
            } catch .addressInUse {
                continue
            } catch {
                throw error
            }
        }
        // The range is crowded: the kernel sees all of it at once.
        try bind(descriptor, to: address)
    }

    /// Gives a datagram socket that has no port yet one that stays (rules R12a, R42a).
    func bindIfNeeded(for operation: @autoclosure () -> String) throws(SocketError) {
        guard try !isBound(for: operation()) else { return }
        try call(operation(), as: .choosePort) { descriptor throws(Errno) in
            do throws(Errno) {
                try bindToFreePort(of: .wildcard(version), descriptor)
            } catch .invalidArgument {
                // Another thread was faster.
            }
        }
    }
}
