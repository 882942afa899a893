public import CWinsock
import SocketBackends
import Winsock

/// WSAStartup: the code is the result, and the last error is left alone.
@c(WSAStartup)
public func startUp(_ version: UInt16, _ data: UnsafeMutablePointer<WSADATA>?) -> Int32 {
    guard let winsock = Library.winsock else { return WSAErrorCode.WSASYSNOTREADY.rawValue }
    do throws(SocketError) {
        // The version is refused before the pointer is looked at.
        let requested = WinsockVersion(rawValue: version)
        if requested.major == 0 {
            let highest = StartupData(version: .version2_2)
            try? UntrustedMemory.write(WSADATA(highest), at: data, for: "start up")
        }
        let granted = try winsock.startup(version: requested)
        do throws(SocketError) {
            try UntrustedMemory.write(WSADATA(granted), at: data, for: "start up")
        } catch {
            try? winsock.cleanup()
            throw error
        }
        return 0
    } catch {
        return error.code.rawValue
    }
}

/// WSACleanup.
@c(WSACleanup)
public func cleanUp() -> Int32 {
    status { winsock throws(SocketError) in try winsock.cleanup() }
}

/// WSAGetLastError.
@c(WSAGetLastError)
public func lastError() -> Int32 {
    (Library.winsock?.lastError ?? .WSASYSNOTREADY).rawValue
}

/// WSASetLastError.
@c(WSASetLastError)
public func setLastError(_ code: Int32) {
    Library.winsock?.setLastError(WSAErrorCode(rawValue: code))
}

/// GetLastError: Windows keeps one last error for everything.
@c(ws_GetLastError)
public func windowsLastError() -> UInt32 {
    UInt32(bitPattern: lastError())
}

/// SetLastError.
@c(ws_SetLastError)
public func setWindowsLastError(_ code: UInt32) {
    setLastError(Int32(bitPattern: code))
}

/// WSAIsBlocking.
@c(WSAIsBlocking)
public func isBlocking() -> Int32 {
    Library.winsock?.isBlocking == true ? 1 : 0
}

/// WSACancelBlockingCall.
@c(WSACancelBlockingCall)
public func cancelBlockingCall() -> Int32 {
    status { winsock throws(SocketError) in try winsock.cancelBlockingCall() }
}

extension WSADATA {
    init(_ data: StartupData) {
        self.init()
        wVersion = data.version.rawValue
        wHighVersion = data.highVersion.rawValue
        iMaxSockets = data.maximumSockets
        iMaxUdpDg = data.maximumDatagram
        Self.put(data.description, into: &szDescription)
        Self.put(data.systemStatus, into: &szSystemStatus)
    }

    private static func put<Field>(_ text: String, into field: inout Field) {
        withUnsafeMutableBytes(of: &field) { $0.copyBytes(from: terminated(text, room: $0.count)) }
    }
}
