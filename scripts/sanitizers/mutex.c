// Tells the thread sanitizer of Swift's mutexes (Synchronization.Mutex) that are contended.
//
// The quick way into and out of such a mutex is compiled into the code under test, where the sanitizer sees it. The slow way is a system call in
// Swift's own library, which was not compiled for the sanitizer: without this, whatever is done under a mutex for which threads have waited is
// reported as a race. scripts/test-sanitized builds this as a library and loads it before Swift's.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define swiftcall __attribute__((swiftcall))
#define context __attribute__((swift_context))

// Missing in programs that were built without the sanitizer, and are run by the tests all the same.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

// _MutexHandle._lockSlow(UInt32) and _MutexHandle._unlockSlow(); the context is the address of the mutex.
void swiftcall lock_slow(uint32_t, context void *) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
void swiftcall unlock_slow(context void *) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

void swiftcall lock_slow(uint32_t self, context void *mutex) {
    void swiftcall (*real)(uint32_t, context void *) =
        dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    real(self, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

void swiftcall unlock_slow(context void *mutex) {
    void swiftcall (*real)(context void *) =
        dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    if (__tsan_release) __tsan_release(mutex);
    real(mutex);
}
