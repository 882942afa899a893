import Glibc

/// The processor time of this process, of all its threads, in user space and in the kernel.
enum ProcessorTime {
    /// How much of it some work takes.
    static func seconds<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) -> Double {
        let start = now
        try work()
        return now - start
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

extension [Double] {
    /// The middle one by size; 0 if there is none.
    var median: Double {
        isEmpty ? 0 : sorted()[count / 2]
    }
}
