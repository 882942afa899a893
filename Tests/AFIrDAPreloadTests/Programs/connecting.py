"""connect, case by case; there is a Phone with the services Echo (LSAP-SEL 0x12) and Source, and a Camera."""
from irda import *

phone = device_named("Phone")
ABSENT = 0x01020304


def fresh(*flags, protocol=0, type=STREAM):
    return make(type | sum(flags), protocol)


def once(name, *arguments, flags=(), **fields):
    fd = fresh(*flags)
    row(name, connect(fd, *arguments, **fields))
    os.close(fd)


once("absent device by name", ABSENT, b"Echo")
once("absent device by selector", ABSENT, selector=0x12)
once("absent device by name, non-blocking", ABSENT, b"Echo", flags=[NONBLOCK])
once("absent device by selector, non-blocking", ABSENT, selector=0x12, flags=[NONBLOCK])
once("by name", phone, b"Echo")
once("by selector", phone, selector=0x12)
once("by name with a selector beside it", phone, b"Echo", selector=0x33)
once("any device, 0", 0, b"Echo")
once("any device, ffffffff", 0xFFFFFFFF, b"Echo")
once("any device, unknown service", 0, b"Nothing")
once("any device, no name", 0)
fd = fresh()
row("hint mask that excludes all", set_option(fd, HINT_MASK_SET, 0x0040), connect(fd, 0, b"Echo"))
row("hint mask taken back", set_option(fd, HINT_MASK_SET, 0), connect(fd, 0, b"Echo"))
once("unknown service", phone, b"Nothing")
once("unknown service, non-blocking", phone, b"Nothing", flags=[NONBLOCK])
once("unused selector", phone, selector=0x55)
once("selector 0", phone, selector=0)
once("selector 0x70", phone, selector=0x70)
once("selector any", phone, selector=ANY)
once("wrong family", phone, b"Echo", family=2)
once("garbage in the holes", phone, b"Echo", hole=0xA5)
for length in (0, 2, 35, 37):
    once(f"length {length}", phone, b"Echo", length=length)

fd = fresh()
row("no memory", call("connect", fd, None, 36), call("connect", fd, ctypes.c_void_p(16), 36))
row("no descriptor", call("connect", 999, address(), 36))

fd = fresh()
row("connected", connect(fd, phone, b"Echo"), connect(fd, phone, b"Echo"), connect(fd, ABSENT, length=3))
once("absent device while linked to another", ABSENT, b"Echo")
once("absent device while linked to another, by selector", ABSENT, selector=0x12)
os.close(fd)

fd = fresh()
bind(fd, name=b"Mine")
own = names(fd, "getsockname")[2]
row("bound to a name", connect(fd, phone, b"Echo"), send(fd, b"hello"), receive_all(fd, 5)[0])
row("bound to a name, the selector", names(fd, "getsockname")[2] == own, own in range(1, 0x70))
os.close(fd)

fd = fresh()
row("bound to nothing", bind(fd), connect(fd, phone, b"Echo"), send(fd, b"hello"), receive_all(fd, 5)[0])
os.close(fd)

fd = fresh()
row("listening", bind(fd, name=b"Other"), call("listen", fd, 1), connect(fd, phone, b"Echo"))
os.close(fd)

fd = fresh(NONBLOCK)
row("non-blocking by name", connect(fd, phone, b"Echo"), events(fd, select.POLLOUT, 60),
    connect(fd, phone, b"Echo"), connect(fd, phone, b"Echo"), error_of(fd))
os.close(fd)

fd = fresh(NONBLOCK)
row("unused selector, non-blocking", connect(fd, phone, selector=0x55), "HUP" in events(fd, 0, 60),
    connect(fd, phone, selector=0x55))
row("after a failure", connect(fd, phone, selector=0x12), events(fd, select.POLLOUT, 60), connect(fd, phone, selector=0x12))
os.close(fd)

fd = fresh(NONBLOCK)
row("SO_ERROR of a failure", connect(fd, phone, selector=0x55), "OUT" in events(fd, select.POLLOUT, 60), error_of(fd),
    error_of(fd))
row("after SO_ERROR", connect(fd, phone, selector=0x12))
os.close(fd)

fd = fresh()
row("blocking after a failure", connect(fd, phone, b"Nothing"), connect(fd, phone, selector=0x55),
    connect(fd, phone, b"Echo"), send(fd, b"x"), receive(fd))
row("SO_ERROR of a connection", error_of(fd))
os.close(fd)

fd = fresh()
row("peer has closed", connect(fd, phone, b"Source"), len(receive_all(fd, 11)[0]), events(fd, 0, 60))
row("again after the peer has closed", connect(fd, phone, b"Echo"), send(fd, b"again"), receive_all(fd, 5)[0])
os.close(fd)

fd = make(DGRAM, 1)
row("ultra", connect(fd, phone, b"Echo"), call("listen", fd, 1))
os.close(fd)
