import Glibc

/// The processor time of this process, which works on one thread, in user space and in the kernel.
enum ProcessorTime {
    /// How much of it some work takes.
    static func seconds<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) -> Double {
        let start = now
        try work()
        return now - start
    }

    private static var now: Double {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}

extension [Double] {
    /// The middle one by size; 0 if there is none.
    var median: Double {
        isEmpty ? 0 : sorted()[count / 2]
    }
}
