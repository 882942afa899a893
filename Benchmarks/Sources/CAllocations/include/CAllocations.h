/// How often this thread has taken memory from the C library's allocator, through which Swift's goes, too.
unsigned long irsock_bench_allocations(void);
