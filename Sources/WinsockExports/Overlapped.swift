public import CWinsock
import SocketBackends
import Synchronization
import Winsock

/// The ConnectEx calls that go on or whose result was not asked for yet, by the address of the OVERLAPPED that stands for each.
private let completions = Mutex<[UInt: ConnectCompletion]>([:])

private let statusPending: UInt = 0x103

/// ConnectEx: FALSE with WSA_IO_PENDING, always, if the attempt has begun.
@c(irsock_ConnectEx)
public func connectEx(
    _ socket: SOCKET, _ name: UnsafeRawPointer?, _ length: Int32, _ buffer: UnsafeRawPointer?, _ bufferLength: UInt32,
    _ sent: UnsafeMutablePointer<UInt32>?, _ overlapped: UnsafeMutablePointer<OVERLAPPED>?
) -> Int32 {
    truth { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "connect \(handle)"
        guard let overlapped else {
            throw SocketError(
                .WSA_INVALID_PARAMETER, operation: operation, reason: "there is no OVERLAPPED",
                advice: "ConnectEx never waits; it needs one.")
        }
        let handleOfEvent = MemoryLayout<OVERLAPPED>.size - MemoryLayout<HANDLE>.size
        let rawEvent = try UntrustedMemory.value(
            UInt.self, at: UnsafeRawPointer(overlapped) + handleOfEvent, for: operation)
        // The lowest bit of the event is for completion ports, of which there are none.
        let event = EventHandle(rawValue: rawEvent & ~1)
        let bytes = try UntrustedMemory.read(
            from: buffer, count: buffer == nil ? 0 : Int(bufferLength), for: operation)
        let completion = try winsock.startConnectEx(
            handle, to: SocketAddress(readingFrom: name, length: Int(length)), sending: bytes)
        if event.rawValue != 0 { try? winsock.resetEvent(event) }
        overlapped.pointee.Internal = statusPending
        let key = UInt(bitPattern: overlapped)
        completions.withLock { $0[key] = completion }
        let place = OverlappedPlace(overlapped)
        Task {
            let result: Result<Int, SocketError>
            do throws(SocketError) {
                result = .success(try await completion.value())
            } catch {
                result = .failure(error)
            }
            place.finish(result)
            if event.rawValue != 0 { try? winsock.setEvent(event) }
        }
        throw SocketError(.WSA_IO_PENDING, operation: operation, reason: "the attempt goes on")
    }
}

/// Where the end of an overlapped call is written.
///
/// Sendable though it is a pointer: the documentation has the program leave the structure alone, and keep it, until the call has ended.
private struct OverlappedPlace: @unchecked Sendable {
    private let pointer: UnsafeMutablePointer<OVERLAPPED>

    init(_ pointer: UnsafeMutablePointer<OVERLAPPED>) {
        self.pointer = pointer
    }

    func finish(_ result: Result<Int, SocketError>) {
        switch result {
        case .success(let count):
            pointer.pointee.InternalHigh = UInt(count)
            ending(0)
        case .failure(let error):
            ending(UInt(UInt32(bitPattern: error.code.rawValue)))
        }
    }

    /// HasOverlappedIoCompleted looks at it from any thread.
    private func ending(_ status: UInt) {
        irsock_store_release(&pointer.pointee.Internal, status)
    }
}

/// WSAGetOverlappedResult.
@c(WSAGetOverlappedResult)
public func overlappedResult(
    _ socket: SOCKET, _ overlapped: UnsafeMutablePointer<OVERLAPPED>?, _ transferred: UnsafeMutablePointer<UInt32>?,
    _ waits: Int32, _ flags: UnsafeMutablePointer<UInt32>?
) -> Int32 {
    truth { winsock throws(SocketError) in
        let handle = try winsock.checked(socket)
        let operation = "read the result of an overlapped call on \(handle)"
        let key = UInt(bitPattern: overlapped)
        guard let completion = completions.withLock({ $0[key] }) else {
            throw SocketError(
                .WSA_INVALID_PARAMETER, operation: operation, reason: "no call goes on with this OVERLAPPED")
        }
        let result: Result<Int, SocketError>
        do throws(SocketError) {
            result = .success(try completion.result(timeout: waits != 0 ? nil : .zero))
        } catch {
            guard error.code != .WSA_IO_INCOMPLETE else { throw error }
            result = .failure(error)
        }
        try UntrustedMemory.write(UInt32(0), at: flags, for: operation)
        try UntrustedMemory.write(UInt32(clamping: result.get()), at: transferred, for: operation)
    }
}
