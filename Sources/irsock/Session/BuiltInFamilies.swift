import SocketBackends
import UnixBackend
import VSOCKBackend

/// The families that irsock has beside the Internet and infrared, in the order in which they are listed.
///
/// `swift package new-address-family` adds its line here.
enum BuiltInFamilies {
    static let all: [any AddressFamilyBackend] = [
        UnixBackend(),
        VSOCKBackend(),
    ]
}
