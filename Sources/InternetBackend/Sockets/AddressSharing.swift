public import SocketBackends
import Synchronization

/// Who else may have a socket's local port: SO_REUSEADDR and SO_EXCLUSIVEADDRUSE, of which a socket has one or the other or neither.
///
/// Winsock's SO_REUSEADDR lets a socket take a port that another one has, if that one shares it too; SO_EXCLUSIVEADDRUSE forbids that for
/// good. Linux comes near, but for three cases that it does not permit or does not tell apart, where it is Linux that decides:
///
/// - two stream sockets that share a port cannot both listen on it;
/// - a wildcard address and a specific one with the same port exclude each other, unless both sockets share and neither listens;
/// - a port whose former connections are in TIME_WAIT can only be bound by a socket that shares, and shared when it had those connections.
///
/// A socket that neither shares nor excludes is exclusive in Linux, so that SO_EXCLUSIVEADDRUSE has nothing to add.
enum AddressSharing: Hashable, Sendable {
    case standard
    case shared
    case exclusive
}

extension SocketOption {
    /// SO_EXCLUSIVEADDRUSE, the complement of SO_REUSEADDR: nobody else can have the local port, whatever they ask for.
    ///
    /// To be set before `bind`. WSAEINVAL later, or together with SO_REUSEADDR.
    public static let exclusiveAddressUse = Self(
        level: .socket, name: OptionName(rawValue: ~SocketOption.reuseAddress.name.rawValue))
}

extension InternetSocket {
    /// Sets or clears one of the two options.
    ///
    /// - Throws: WSAEINVAL as documented for SO_EXCLUSIVEADDRUSE.
    func setSharing(
        _ sharing: AddressSharing, _ isOn: Bool, _ row: InternetOption, for operation: @autoclosure () -> String
    ) throws(SocketError) {
        if isOn, sharing == .exclusive, try isBound(for: operation()) {
            throw SocketError(
                .WSAEINVAL, operation: operation(), reason: "the socket has a local address already",
                advice: "Set SO_EXCLUSIVEADDRUSE before bind.")
        }
        try state.withLock { state throws(SocketError) in
            if isOn {
                guard [.standard, sharing].contains(state.sharing) else {
                    throw SocketError(
                        .WSAEINVAL, operation: operation(),
                        reason: "SO_REUSEADDR and SO_EXCLUSIVEADDRUSE exclude each other",
                        advice: "Clear the other one first.")
                }
            } else if state.sharing != sharing {
                return  // it was off
            }
            try write(row, Int32(isOn && sharing == .shared ? 1 : 0), operation())
            state.sharing = isOn ? sharing : .standard
        }
    }
}
