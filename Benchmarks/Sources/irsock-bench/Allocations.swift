import CAllocations

/// How often memory is taken while something goes on in this thread.
enum Allocations {
    static func count(_ body: () throws -> Void) rethrows -> Int {
        let before = irsock_bench_allocations()
        try body()
        return Int(irsock_bench_allocations() - before)
    }
}
