extension Duration {
    /// How long a test waits for what is sure to come: so long that only a broken test reaches it, however busy the machine.
    public static let patience = Duration.seconds(120)
}

/// Waits until something holds, without holding up one of Swift's threads; false if patience ends before.
public func becomesTrue(_ condition: () throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now.advanced(by: .patience)
    while try !condition() {
        guard ContinuousClock.now < deadline else { return false }
        // Looked at again soon, without taking the processor from what is waited for.
        try? await Task.sleep(for: .milliseconds(1))
    }
    return true
}
