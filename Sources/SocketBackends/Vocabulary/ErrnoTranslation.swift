import Glibc
public import SystemPackage

extension WSAErrorCode {
    /// Translates a Linux error where the call that met it does not matter.
    ///
    /// What depends on the call (EADDRNOTAVAIL of `connect`, EPIPE of `send`) is translated beside the call, before this table is
    /// asked. A number that the table does not know is WSASYSCALLFAILURE.
    public init(_ errno: Errno) {
        self = Self.byErrno[errno.rawValue] ?? .WSASYSCALLFAILURE
    }

    private static let byErrno: [Int32: WSAErrorCode] = [
        EPERM: .WSAEACCES,  // a firewall rule for outgoing packets, among others
        ENOENT: .WSASYSCALLFAILURE,
        EINTR: .WSAEINTR,
        EIO: .WSAENETDOWN,
        ENXIO: .WSAENETDOWN,
        EBADF: .WSAENOTSOCK,
        EAGAIN: .WSAEWOULDBLOCK,
        ENOMEM: .WSAENOBUFS,  // rule R16
        EACCES: .WSAEACCES,
        EFAULT: .WSAEFAULT,
        EBUSY: .WSAEADDRINUSE,  // a Bluetooth channel that is taken
        ENODEV: .WSAENETDOWN,  // no adapter
        EINVAL: .WSAEINVAL,
        ENFILE: .WSAEMFILE,
        EMFILE: .WSAEMFILE,
        EPIPE: .WSAESHUTDOWN,
        EDOM: .WSAEINVAL,
        ENAMETOOLONG: .WSAENAMETOOLONG,
        ENOSYS: .WSAEOPNOTSUPP,
        ENOTEMPTY: .WSAENOTEMPTY,
        ELOOP: .WSAELOOP,
        EBADE: .WSAEACCES,  // Bluetooth: no link key
        EBADRQC: .WSAEINVAL,
        ENODATA: .WSAENOPROTOOPT,
        ENONET: .WSAENETDOWN,
        EREMOTE: .WSAEREMOTE,
        EPROTO: .WSAENETDOWN,
        EBADMSG: .WSAECONNABORTED,
        EOVERFLOW: .WSAEINVAL,
        EBADFD: .WSAEINVAL,  // the wrong state; a backend that knows the state says more
        EUSERS: .WSAEUSERS,
        ENOTSOCK: .WSAENOTSOCK,
        EDESTADDRREQ: .WSAEDESTADDRREQ,
        EMSGSIZE: .WSAEMSGSIZE,
        EPROTOTYPE: .WSAEPROTOTYPE,
        ENOPROTOOPT: .WSAENOPROTOOPT,
        EPROTONOSUPPORT: .WSAEPROTONOSUPPORT,
        ESOCKTNOSUPPORT: .WSAESOCKTNOSUPPORT,
        EOPNOTSUPP: .WSAEOPNOTSUPP,
        EPFNOSUPPORT: .WSAEPFNOSUPPORT,
        EAFNOSUPPORT: .WSAEAFNOSUPPORT,
        EADDRINUSE: .WSAEADDRINUSE,
        EADDRNOTAVAIL: .WSAEADDRNOTAVAIL,
        ENETDOWN: .WSAENETDOWN,  // rule R4
        ENETUNREACH: .WSAENETUNREACH,  // rule R17
        ENETRESET: .WSAENETRESET,
        ECONNABORTED: .WSAECONNABORTED,
        ECONNRESET: .WSAECONNRESET,
        ENOBUFS: .WSAENOBUFS,  // rule R16
        EISCONN: .WSAEISCONN,
        ENOTCONN: .WSAENOTCONN,
        ESHUTDOWN: .WSAESHUTDOWN,
        ETOOMANYREFS: .WSAETOOMANYREFS,
        ETIMEDOUT: .WSAETIMEDOUT,  // rule R20
        ECONNREFUSED: .WSAECONNREFUSED,  // rule R19
        EHOSTDOWN: .WSAEHOSTDOWN,
        EHOSTUNREACH: .WSAEHOSTUNREACH,  // rule R18
        EALREADY: .WSAEALREADY,
        EINPROGRESS: .WSAEWOULDBLOCK,  // never WSAEINPROGRESS, which means something else (rule R23)
        ESTALE: .WSAESTALE,
        EDQUOT: .WSAEDQUOT,
        ECANCELED: .WSA_OPERATION_ABORTED,
    ]
}
