public import CWinsock
import SocketBackends
import Winsock

extension EventHandle {
    init(_ handle: HANDLE?) {
        self.init(rawValue: UInt(bitPattern: handle))
    }

    var handle: HANDLE? { HANDLE(bitPattern: rawValue) }
}

/// WSACreateEvent; WSA_INVALID_EVENT if it fails.
@c(WSACreateEvent)
public func createEvent() -> HANDLE? {
    answering(orIfItFails: nil) { winsock throws(SocketError) in try winsock.createEvent().handle }
}

/// WSACloseEvent.
@c(WSACloseEvent)
public func closeEvent(_ event: HANDLE?) -> Int32 {
    truth { winsock throws(SocketError) in try winsock.closeEvent(EventHandle(event)) }
}

/// WSASetEvent.
@c(WSASetEvent)
public func setEvent(_ event: HANDLE?) -> Int32 {
    truth { winsock throws(SocketError) in try winsock.setEvent(EventHandle(event)) }
}

/// WSAResetEvent.
@c(WSAResetEvent)
public func resetEvent(_ event: HANDLE?) -> Int32 {
    truth { winsock throws(SocketError) in try winsock.resetEvent(EventHandle(event)) }
}

/// WSAWaitForMultipleEvents. Linux queues no procedure calls for a thread, so that an alertable wait is like any other.
@c(WSAWaitForMultipleEvents)
public func waitForEvents(
    _ count: UInt32, _ events: UnsafePointer<HANDLE?>?, _ waitsForAll: Int32, _ milliseconds: UInt32,
    _ isAlertable: Int32
) -> UInt32 {
    answering(orIfItFails: .max) { winsock throws(SocketError) in
        // Too many are the runtime's to refuse; they are not read.
        let readable = min(Int(count), Winsock.maximumWaitEvents + 1)
        let handles = try UntrustedMemory.values(UInt.self, count: readable, at: events, for: "wait for events")
        let index = try winsock.waitForMultipleEvents(
            handles.map(EventHandle.init(rawValue:)), waitingForAll: waitsForAll != 0,
            timeout: milliseconds == .max ? nil : .milliseconds(milliseconds))
        return index.map { UInt32($0) } ?? 258  // WSA_WAIT_TIMEOUT
    }
}

/// WSAEventSelect.
@c(WSAEventSelect)
public func selectEvents(_ socket: SOCKET, _ event: HANDLE?, _ events: Int32) -> Int32 {
    status { winsock throws(SocketError) in
        try winsock.eventSelect(
            SocketHandle(rawValue: socket), EventHandle(event), NetworkEvents(rawValue: events))
    }
}

/// WSAEnumNetworkEvents. Codes of events that have not happened are left as they are.
@c(WSAEnumNetworkEvents)
public func enumEvents(_ socket: SOCKET, _ event: HANDLE?, _ report: UnsafeMutablePointer<WSANETWORKEVENTS>?) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "read the events of \(handle)"
        // Before the record is cleared: with nowhere to write it to nothing is forgotten.
        var written = try UntrustedMemory.value(WSANETWORKEVENTS.self, at: report, for: operation)
        try UntrustedMemory.write(written, at: report, for: operation)
        let happened = try winsock.enumNetworkEvents(handle, resetting: event.map { EventHandle($0) })
        written.lNetworkEvents = happened.events.rawValue
        withUnsafeMutableBytes(of: &written.iErrorCode) { room in
            let codes = room.bindMemory(to: Int32.self)
            for event in happened.events.events {
                if let code = happened.code(of: event) { codes[event.rawValue] = code.rawValue }
            }
        }
        try UntrustedMemory.write(written, at: report, for: operation)
    }
}
