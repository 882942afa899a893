public import CWinsock
import SocketBackends
import Winsock

/// getsockname.
@c(ws_getsockname)
public func localName(
    _ socket: SOCKET, _ name: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<Int32>?
) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = SocketHandle(rawValue: socket)
        try winsock.localAddress(of: handle).give(to: name, length, for: "read the local address of \(handle)")
    }
}

/// getpeername.
@c(ws_getpeername)
public func peerName(
    _ socket: SOCKET, _ name: UnsafeMutableRawPointer?, _ length: UnsafeMutablePointer<Int32>?
) -> Int32 {
    status { winsock throws(SocketError) in
        let handle = SocketHandle(rawValue: socket)
        try winsock.peerAddress(of: handle).give(to: name, length, for: "read the peer's address of \(handle)")
    }
}
