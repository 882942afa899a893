/// An error of Winsock, by its number: what WSAGetLastError answers.
///
/// The members carry the names of winsock2.h, so that they can be searched for. The set is open: a plug-in may report a number that
/// has no name here.
public struct WSAErrorCode: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: Int32

    /// Makes a code from its number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}

extension WSAErrorCode: CustomStringConvertible {
    /// The field's name and the number: `WSAECONNREFUSED 10061`.
    public var description: String { "\(name) \(rawValue)" }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
extension WSAErrorCode {
    /// 0: nothing went wrong.
    public static let NO_ERROR = Self(rawValue: 0)
    /// 6: the handle of the event object is not valid.
    public static let WSA_INVALID_HANDLE = Self(rawValue: 6)
    /// 8: there is not enough memory.
    public static let WSA_NOT_ENOUGH_MEMORY = Self(rawValue: 8)
    /// 87: a parameter is wrong.
    public static let WSA_INVALID_PARAMETER = Self(rawValue: 87)
    /// 995: the overlapped operation was called off, because its socket was closed.
    public static let WSA_OPERATION_ABORTED = Self(rawValue: 995)
    /// 996: the overlapped operation is not finished.
    public static let WSA_IO_INCOMPLETE = Self(rawValue: 996)
    /// 997: the overlapped operation has begun and finishes later.
    public static let WSA_IO_PENDING = Self(rawValue: 997)
    /// 10004: a blocking call was called off.
    public static let WSAEINTR = Self(rawValue: 10004)
    /// 10009: the file handle is not valid.
    public static let WSAEBADF = Self(rawValue: 10009)
    /// 10013: this is not permitted here.
    public static let WSAEACCES = Self(rawValue: 10013)
    /// 10014: a pointer, a length or the form of an address is wrong.
    public static let WSAEFAULT = Self(rawValue: 10014)
    /// 10022: an argument is wrong, or the socket is in the wrong state for this call.
    public static let WSAEINVAL = Self(rawValue: 10022)
    /// 10024: too many sockets are open.
    public static let WSAEMFILE = Self(rawValue: 10024)
    /// 10035: this cannot finish at once, and the socket does not wait.
    public static let WSAEWOULDBLOCK = Self(rawValue: 10035)
    /// 10036: another blocking call is going on (Winsock 1.1).
    public static let WSAEINPROGRESS = Self(rawValue: 10036)
    /// 10037: this operation is already under way on the socket.
    public static let WSAEALREADY = Self(rawValue: 10037)
    /// 10038: this is not a socket.
    public static let WSAENOTSOCK = Self(rawValue: 10038)
    /// 10039: a destination is needed.
    public static let WSAEDESTADDRREQ = Self(rawValue: 10039)
    /// 10040: the datagram is longer than the limit, or than the buffer.
    public static let WSAEMSGSIZE = Self(rawValue: 10040)
    /// 10041: the protocol does not go with this type of socket.
    public static let WSAEPROTOTYPE = Self(rawValue: 10041)
    /// 10042: the option is not known at this level.
    public static let WSAENOPROTOOPT = Self(rawValue: 10042)
    /// 10043: the protocol is not supported.
    public static let WSAEPROTONOSUPPORT = Self(rawValue: 10043)
    /// 10044: the family has no sockets of this type.
    public static let WSAESOCKTNOSUPPORT = Self(rawValue: 10044)
    /// 10045: this type of socket has no such operation.
    public static let WSAEOPNOTSUPP = Self(rawValue: 10045)
    /// 10046: the protocol family is not installed.
    public static let WSAEPFNOSUPPORT = Self(rawValue: 10046)
    /// 10047: the address family cannot be used here.
    public static let WSAEAFNOSUPPORT = Self(rawValue: 10047)
    /// 10048: the local address is taken.
    public static let WSAEADDRINUSE = Self(rawValue: 10048)
    /// 10049: the address means nothing in this place.
    public static let WSAEADDRNOTAVAIL = Self(rawValue: 10049)
    /// 10050: the network is down; for infrared, the medium is busy.
    public static let WSAENETDOWN = Self(rawValue: 10050)
    /// 10051: no route leads to the network.
    public static let WSAENETUNREACH = Self(rawValue: 10051)
    /// 10052: keep-alive found the connection broken.
    public static let WSAENETRESET = Self(rawValue: 10052)
    /// 10053: this side gave the connection up.
    public static let WSAECONNABORTED = Self(rawValue: 10053)
    /// 10054: the peer reset the connection.
    public static let WSAECONNRESET = Self(rawValue: 10054)
    /// 10055: there is no room in buffers or queues.
    public static let WSAENOBUFS = Self(rawValue: 10055)
    /// 10056: the socket is connected already.
    public static let WSAEISCONN = Self(rawValue: 10056)
    /// 10057: the socket is not connected.
    public static let WSAENOTCONN = Self(rawValue: 10057)
    /// 10058: this direction was shut down.
    public static let WSAESHUTDOWN = Self(rawValue: 10058)
    /// 10059: too many references to one object of the kernel.
    public static let WSAETOOMANYREFS = Self(rawValue: 10059)
    /// 10060: the peer did not answer in time.
    public static let WSAETIMEDOUT = Self(rawValue: 10060)
    /// 10061: the peer refused the connection.
    public static let WSAECONNREFUSED = Self(rawValue: 10061)
    /// 10062: the name leads in a circle.
    public static let WSAELOOP = Self(rawValue: 10062)
    /// 10063: the name is too long.
    public static let WSAENAMETOOLONG = Self(rawValue: 10063)
    /// 10064: the host is down.
    public static let WSAEHOSTDOWN = Self(rawValue: 10064)
    /// 10065: no route leads to the host.
    public static let WSAEHOSTUNREACH = Self(rawValue: 10065)
    /// 10066: the directory is not empty.
    public static let WSAENOTEMPTY = Self(rawValue: 10066)
    /// 10067: too many programs use Winsock.
    public static let WSAEPROCLIM = Self(rawValue: 10067)
    /// 10068: the quota of users is reached.
    public static let WSAEUSERS = Self(rawValue: 10068)
    /// 10069: the disk quota is reached.
    public static let WSAEDQUOT = Self(rawValue: 10069)
    /// 10070: the handle is stale.
    public static let WSAESTALE = Self(rawValue: 10070)
    /// 10071: the item is on another machine.
    public static let WSAEREMOTE = Self(rawValue: 10071)
    /// 10091: the network subsystem is not ready.
    public static let WSASYSNOTREADY = Self(rawValue: 10091)
    /// 10092: this version of Winsock is not supported.
    public static let WSAVERNOTSUPPORTED = Self(rawValue: 10092)
    /// 10093: WSAStartup has not been called with success.
    public static let WSANOTINITIALISED = Self(rawValue: 10093)
    /// 10101: the peer is shutting down in good order.
    public static let WSAEDISCON = Self(rawValue: 10101)
    /// 10102: there are no more results (older than WSA_E_NO_MORE).
    public static let WSAENOMORE = Self(rawValue: 10102)
    /// 10103: the look-up was called off (older than WSA_E_CANCELLED).
    public static let WSAECANCELLED = Self(rawValue: 10103)
    /// 10104: the provider's table of functions has gaps.
    public static let WSAEINVALIDPROCTABLE = Self(rawValue: 10104)
    /// 10105: the provider has the wrong version or identity.
    public static let WSAEINVALIDPROVIDER = Self(rawValue: 10105)
    /// 10106: the provider could not be loaded or started.
    public static let WSAEPROVIDERFAILEDINIT = Self(rawValue: 10106)
    /// 10107: a system call failed in a way that nobody foresaw.
    public static let WSASYSCALLFAILURE = Self(rawValue: 10107)
    /// 10108: the service is unknown in this name space.
    public static let WSASERVICE_NOT_FOUND = Self(rawValue: 10108)
    /// 10109: the class is unknown.
    public static let WSATYPE_NOT_FOUND = Self(rawValue: 10109)
    /// 10110: there are no more results.
    public static let WSA_E_NO_MORE = Self(rawValue: 10110)
    /// 10111: the operation was called off by its caller.
    public static let WSA_E_CANCELLED = Self(rawValue: 10111)
    /// 10112: the query was refused.
    public static let WSAEREFUSED = Self(rawValue: 10112)
    /// 11001: the name is unknown.
    public static let WSAHOST_NOT_FOUND = Self(rawValue: 11001)
    /// 11002: the name cannot be found now, perhaps later.
    public static let WSATRY_AGAIN = Self(rawValue: 11002)
    /// 11003: the name cannot be found, now or later.
    public static let WSANO_RECOVERY = Self(rawValue: 11003)
    /// 11004: the name exists, but not with an address of this kind.
    public static let WSANO_DATA = Self(rawValue: 11004)
}
