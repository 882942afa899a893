"""AF_IRDA by its Linux numbers, through the C library, as a C program calls it.

Each script that uses this prints one line for each row of its table: the row's name, a tab, and what happened.
"""
import ctypes
import errno
import os
import select
import signal
import socket
import struct
import sys
import time

AF_IRDA = 23
SOL_IRLMP = 266
ENUMDEVICES, IAS_SET, IAS_QUERY, HINTS_SET, QOS_SET, QOS_GET = 1, 2, 3, 4, 5, 6
MAX_SDU_SIZE, IAS_GET, IAS_DEL, HINT_MASK_SET, WAITDEVICE = 7, 8, 9, 10, 11
STREAM, DGRAM, RAW, RDM, SEQPACKET = 1, 2, 3, 4, 5
NONBLOCK, CLOEXEC = os.O_NONBLOCK, 0o2000000
ANY = 0xFF
FIONREAD, TIOCOUTQ = 0x541B, 0x5411

# Linux has two names for this number; of sockets one says EOPNOTSUPP.
errno.errorcode[errno.EOPNOTSUPP] = "EOPNOTSUPP"

libc = ctypes.CDLL(None, use_errno=True)
# A program that hangs is a failure, and says so.
signal.alarm(100)


def row(name, *results):
    print(name, " ".join(str(result) for result in results), sep="\t", flush=True)


def call(name, *arguments):
    """What a function of the C library returns, or the name of its error."""
    ctypes.set_errno(0)
    result = getattr(libc, name)(*arguments)
    return result if result >= 0 else errno.errorcode[ctypes.get_errno()]


def make(type=STREAM, protocol=0):
    return call("socket", AF_IRDA, type, protocol)


def address(device=0, name=b"", selector=ANY, family=AF_IRDA, hole=0):
    """A sockaddr_irda; `hole` fills the bytes that mean nothing."""
    field = name + b"\0" + bytes([hole]) * (24 - len(name)) if len(name) < 25 else name
    return struct.pack("=HBBI25s3s", family, selector, hole, device, field, bytes([hole]) * 3)


def connect(fd, *arguments, length=None, **fields):
    where = address(*arguments, **fields)
    return call("connect", fd, where, len(where) if length is None else length)


def bind(fd, length=None, **fields):
    where = address(**fields)
    return call("bind", fd, where, len(where) if length is None else length)


def devices(fd, count=10):
    """The answer to IRLMP_ENUMDEVICES with room for so many: a list of (station, device, name, charset, hints)."""
    room = ctypes.create_string_buffer(4 + 36 * count)
    length = ctypes.c_uint32(len(room))
    result = call("getsockopt", fd, SOL_IRLMP, ENUMDEVICES, room, ctypes.byref(length))
    if result != 0:
        return result
    number = struct.unpack_from("=I", room)[0]
    assert length.value == 4 + 36 * number, (length.value, number)
    found = []
    for index in range(number):
        station, device, name, charset, first, second = struct.unpack_from("=II22sBBB", room, 4 + 36 * index)
        found.append((station, device, name.rstrip(b"\0").decode(), charset, first | second << 8))
    return found


def device_named(name):
    """The address of a device that is known to be in range."""
    fd = make()
    try:
        return next(entry[1] for entry in devices(fd, 20) if entry[2] == name)
    finally:
        os.close(fd)


def get_option(fd, option, value, level=SOL_IRLMP, length=None):
    """(result, bytes) of getsockopt with this in the memory before."""
    room = ctypes.create_string_buffer(value, max(len(value), 1))
    size = ctypes.c_uint32(len(value) if length is None else length)
    result = call("getsockopt", fd, level, option, room, ctypes.byref(size))
    return result, room.raw[: size.value] if result == 0 else b""


def get_int(fd, option, level=SOL_IRLMP):
    result, value = get_option(fd, option, bytes(4), level)
    return struct.unpack("=i", value)[0] if result == 0 else result


def set_option(fd, option, value, level=SOL_IRLMP):
    if isinstance(value, int):
        value = struct.pack("=i", value)
    return call("setsockopt", fd, level, option, value, len(value))


def error_of(fd):
    """SO_ERROR, by name."""
    number = get_int(fd, socket.SO_ERROR, socket.SOL_SOCKET)
    return errno.errorcode.get(number, number)


def ias(class_name, attribute, value=None, device=0, type=None):
    """An irda_ias_set."""
    if isinstance(value, int):
        kind, union = 1, struct.pack("=i", value)
    elif isinstance(value, bytes):
        kind, union = 2, struct.pack("=H", len(value)) + value
    elif isinstance(value, str):
        kind, union = 3, struct.pack("=BB", len(value), 0) + value.encode()
    else:
        kind, union = 0, b""
    kind = kind if type is None else type
    block = struct.pack("=64s256sI", class_name, attribute, kind) + union[:1028].ljust(1028, b"\0")
    return block + struct.pack("=I", device)


def ias_value(block):
    kind = struct.unpack_from("=I", block, 320)[0]
    if kind == 1:
        return struct.unpack_from("=i", block, 324)[0]
    if kind == 2:
        return block[326 : 326 + struct.unpack_from("=H", block, 324)[0]].hex()
    if kind == 3:
        return block[326 : 326 + block[324]].decode()
    return None


def until(condition):
    """Waits for something that comes by itself; False if it does not come."""
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def names(fd, function="getpeername", room=36):
    """(result, family, selector, device, name, whole length) of getsockname or getpeername."""
    memory = ctypes.create_string_buffer(b"\xEE" * 64, 64)
    length = ctypes.c_uint32(room)
    result = call(function, fd, memory, ctypes.byref(length))
    if result != 0:
        return (result,)
    family, selector, device, name = struct.unpack_from("=HBxI25s", memory)
    return result, family, selector, device, name.rstrip(b"\0").decode(errors="replace"), length.value, memory.raw


def events(fd, interest=select.POLLIN | select.POLLOUT, seconds=0):
    poll = select.poll()
    poll.register(fd, interest)
    found = poll.poll(seconds * 1000)
    bits = found[0][1] if found else 0
    known = [("IN", 1), ("OUT", 4), ("ERR", 8), ("HUP", 16), ("NVAL", 32)]
    return "+".join(word for word, bit in known if bits & bit) or "none"


def send(fd, data, flags=socket.MSG_NOSIGNAL):
    return call("send", fd, data, len(data), flags)


def receive(fd, count=4096, flags=0):
    """The bytes, or the name of the error."""
    memory = ctypes.create_string_buffer(count)
    result = call("recv", fd, memory, count, flags)
    return memory.raw[:result] if isinstance(result, int) else result


def receive_all(fd, count):
    data = b""
    while len(data) < count:
        piece = receive(fd, count - len(data))
        if not isinstance(piece, bytes) or not piece:
            return data, piece
        data += piece
    return data, None


def ioctl(fd, request):
    value = ctypes.c_int(-1)
    result = call("ioctl", fd, ctypes.c_ulong(request), ctypes.byref(value))
    return value.value if result == 0 else result
