/// What the sockets of a runtime share.
struct SocketEnvironment: Sendable {
    /// Tells the time of which programs are told.
    var now: @Sendable () -> ContinuousClock.Instant = { .now }
    /// The blocking calls of version 1.
    let blockingCalls = BlockingCalls()
}
