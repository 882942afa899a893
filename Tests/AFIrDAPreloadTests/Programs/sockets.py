"""socket, bind, listen, accept and names, case by case."""
import fcntl

from irda import *

phone = device_named("Phone")

for label, type, protocol in [
    ("stream", STREAM, 0), ("stream, protocol 1", STREAM, 1), ("seqpacket", SEQPACKET, 0), ("unitdata", DGRAM, 0),
    ("ultra", DGRAM, 1), ("datagram, protocol 2", DGRAM, 2), ("raw", RAW, 0), ("rdm", RDM, 0), ("type 9", 9, 0),
    ("type 11", 11, 0), ("protocol 256", STREAM, 256), ("protocol -1", STREAM, -1),
    ("unknown flag", STREAM | 0x100, 0),
]:
    fd = make(type, protocol)
    row(label, fd if isinstance(fd, str) else "made")
    if not isinstance(fd, str):
        os.close(fd)

fd = make()
row("flags of a socket", fcntl.fcntl(fd, fcntl.F_GETFL) & NONBLOCK, fcntl.fcntl(fd, fcntl.F_GETFD))
os.close(fd)
fd = make(STREAM | NONBLOCK | CLOEXEC)
row("flags asked for", fcntl.fcntl(fd, fcntl.F_GETFL) & NONBLOCK == NONBLOCK, fcntl.fcntl(fd, fcntl.F_GETFD))
row("general options", get_int(fd, socket.SO_TYPE, socket.SOL_SOCKET), get_int(fd, socket.SO_DOMAIN, socket.SOL_SOCKET),
    get_int(fd, socket.SO_PROTOCOL, socket.SOL_SOCKET), get_int(fd, socket.SO_ACCEPTCONN, socket.SOL_SOCKET))
os.close(fd)


def once(label, function, *arguments, **fields):
    fd = make()
    row(label, function(fd, *arguments, **fields))
    os.close(fd)


once("bind", bind, name=b"Mine")
once("bind, wrong family", bind, name=b"Mine", family=2)
for length in (0, 35, 37):
    once(f"bind, length {length}", bind, name=b"Mine", length=length)
once("bind, selector any", bind)
once("bind, selector 0x20", bind, selector=0x20)
once("bind, selector 0", bind, selector=0)
once("bind, selector 0 with a name", bind, selector=0, name=b"Mine")
once("bind, selector 0x70", bind, selector=0x70)
once("bind, no memory", lambda fd: call("bind", fd, None, 36))

fd, other = make(), make()
row("bind twice", bind(fd, name=b"Mine"), bind(fd, name=b"Yours"))
row("name of another socket", bind(other, name=b"Mine"))
row("accept without listen", call("accept", fd, None, None))
row("listen", call("listen", fd, 5), get_int(fd, socket.SO_ACCEPTCONN, socket.SOL_SOCKET))
row("listen twice", call("listen", fd, 5))
fcntl.fcntl(fd, fcntl.F_SETFL, NONBLOCK)
row("accept, none waits", call("accept", fd, None, None), events(fd))
row("flags of accept4", call("accept4", fd, None, None, 1))
row("recv while listening", receive(fd))
row("FIONREAD while listening", ioctl(fd, FIONREAD))
os.close(fd)
os.close(other)
once("listen unbound", lambda fd: call("listen", fd, 1))

fd = make()
row("getpeername unconnected", names(fd)[0])
row("getsockname unconnected", names(fd, "getsockname")[:2])
bind(fd, selector=0x21)
row("getsockname bound", *names(fd, "getsockname")[:3], names(fd, "getsockname")[4] == "")
os.close(fd)

fd = make()
connect(fd, phone, b"Echo")
result, family, selector, device, name, length, memory = names(fd)
row("getpeername", result, family, selector, device == phone, repr(name), length)
result, family, selector, device, name, length, memory = names(fd, room=8)
row("getpeername, room for 8", result, family, selector, device == phone, length, memory[8:12] == b"\xEE" * 4)
row("getpeername, room for 0", names(fd, room=0)[0], names(fd, room=0)[5], names(fd, room=0)[6][:4] == b"\xEE" * 4)
row("getpeername, negative room", names(fd, room=0xFFFFFFFF)[0])
row("getpeername, no memory", call("getpeername", fd, None, ctypes.byref(ctypes.c_uint32(36))),
    call("getpeername", fd, ctypes.create_string_buffer(36), None))
os.close(fd)
row("closed descriptor", names(fd)[0], call("listen", fd, 1))
