import Synchronization

/// What has to be put away however the process ends: unfinished files, links. Each is put away once.
final class CleanUp: Sendable {
    private struct Works {
        var next = 0
        var works: [Int: @Sendable () -> Void] = [:]
    }

    private let works = Mutex(Works())

    /// Has something done at the end, if it is not withdrawn before.
    ///
    /// - Returns: the number to withdraw it by.
    func add(_ work: @escaping @Sendable () -> Void) -> Int {
        works.withLock { works in
            works.next += 1
            works.works[works.next] = work
            return works.next
        }
    }

    /// What was to be done is done, or need not be done any more.
    func withdraw(_ number: Int) {
        works.withLock { $0.works[number] = nil }
    }

    /// Does all of it.
    func run() {
        let taken = works.withLock { works in
            defer { works.works = [:] }
            return works.works
        }
        for work in taken.values { work() }
    }
}
