import SocketBackends

/// Keeps a descriptor open for as long as anybody refers to it.
final class HeldDescriptor: Sendable {
    let hold: DescriptorHold

    /// - Throws: WSAENOTSOCK if it was closed before.
    init(_ descriptor: SharedDescriptor, for operation: @autoclosure () -> String) throws(SocketError) {
        hold = try descriptor.hold(for: operation())
    }
}
