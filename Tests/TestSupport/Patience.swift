import Glibc

extension Duration {
    /// How long a test waits for what is sure to come: so long that only a broken test reaches it, however busy the machine.
    public static let patience = Duration.seconds(300)
}

/// What a test has waited for has not come.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What it was.
    public let description: String

    init(_ what: String) { description = "\(what): not within \(Duration.patience)" }
}

/// Waits until something holds, without holding up one of Swift's threads; false if patience ends before.
public func becomesTrue(
    isolation: isolated (any Actor)? = #isolation, _ condition: () throws -> Bool
) async rethrows -> Bool {
    let deadline = ContinuousClock.now.advanced(by: .patience)
    while try !condition() {
        guard ContinuousClock.now < deadline else { return false }
        // Looked at again soon, without taking the processor from what is waited for.
        try? await Task.sleep(for: .milliseconds(1))
    }
    return true
}

/// Waits until something holds, without holding up one of Swift's threads.
///
/// - Parameters:
///   - what: what is waited for, in a few words.
///   - condition: whether it holds.
/// - Throws: `NeverHappened`, or what the condition throws.
public func waitUntil(
    _ what: String, isolation: isolated (any Actor)? = #isolation, _ condition: () throws -> Bool
) async throws {
    guard try await becomesTrue(condition) else { throw NeverHappened(what) }
}

/// The same on a thread of the test's own, which it holds up.
public func waitUntil(_ what: String, _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now.advanced(by: .patience)
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw NeverHappened(what) }
        // As above.
        usleep(1_000)
    }
}
