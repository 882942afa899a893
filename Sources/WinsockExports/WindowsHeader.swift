public import CWinsock
import Glibc
import SocketBackends
import Winsock

// What windows.h declares beside sockets.

/// CreateEvent: an event object of WSACreateEvent.
@c(CreateEventA)
public func createEventA(
    _ security: UnsafeRawPointer?, _ isManual: Int32, _ isSignalled: Int32, _ name: UnsafePointer<CChar>?
) -> HANDLE? {
    createEvent(isManual: isManual != 0, isSignalled: isSignalled != 0, isNamed: name != nil)
}

/// CreateEventW.
@c(CreateEventW)
public func createEventW(
    _ security: UnsafeRawPointer?, _ isManual: Int32, _ isSignalled: Int32, _ name: UnsafeRawPointer?
) -> HANDLE? {
    createEvent(isManual: isManual != 0, isSignalled: isSignalled != 0, isNamed: name != nil)
}

private func createEvent(isManual: Bool, isSignalled: Bool, isNamed: Bool) -> HANDLE? {
    answering(orIfItFails: nil) { winsock throws(SocketError) in
        guard isManual, !isNamed else {
            throw SocketError(
                .WSA_INVALID_PARAMETER, operation: "create an event",
                reason: isNamed ? "events have no names here" : "events do not reset themselves here",
                advice: "Pass TRUE for manual reset, and no name.")
        }
        let event = try winsock.createEvent()
        if isSignalled { try winsock.setEvent(event) }
        return event.handle
    }
}

/// Sleep.
@c(Sleep)
public func sleep(_ milliseconds: UInt32) {
    // INFINITE, too, is a number of milliseconds, of which nobody waits for the end.
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = end.tv_nsec + Int(milliseconds % 1000) * 1_000_000
    end.tv_sec += Int(milliseconds / 1000) + nanoseconds / 1_000_000_000
    end.tv_nsec = nanoseconds % 1_000_000_000
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nil) == EINTR {}
}

/// GetTickCount: milliseconds since the machine was started; begins anew after 49.7 days.
@c(GetTickCount)
public func tickCount() -> UInt32 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt32(truncatingIfNeeded: now.tv_sec * 1000 + now.tv_nsec / 1_000_000)
}

/// GetProcessHeap: there is one heap, and this stands for it.
@c(GetProcessHeap)
public func processHeap() -> HANDLE? { HANDLE(bitPattern: 1) }

/// HeapAlloc.
@c(HeapAlloc)
public func allocate(_ heap: HANDLE?, _ flags: UInt32, _ size: Int) -> UnsafeMutableRawPointer? {
    flags & 0x8 != 0 ? calloc(1, size) : malloc(size)  // HEAP_ZERO_MEMORY
}

/// HeapFree.
@c(HeapFree)
public func release(_ heap: HANDLE?, _ flags: UInt32, _ memory: UnsafeMutableRawPointer?) -> Int32 {
    free(memory)
    return 1
}
