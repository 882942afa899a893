"""Offers a stream, messages, and listens to Ultra under 0x21; says what comes by Ultra, and ends when it has come."""
from irda import *

listeners = {}
for type, name in [(STREAM, b"Stream"), (SEQPACKET, b"Messages")]:
    listeners[name] = fd = make(type)
    assert bind(fd, name=name) == 0
    assert call("listen", fd, 5) == 0
ultra = make(DGRAM, 1)
row("ultra, bind", bind(ultra, selector=0x21))
peer, length = ctypes.create_string_buffer(36), ctypes.c_uint32(36)
assert call("accept", listeners[b"Stream"], peer, ctypes.byref(length)) >= 0
row("selector of who has connected", hex(peer.raw[2]))
memory, peer, length = ctypes.create_string_buffer(1000), ctypes.create_string_buffer(b"\xEE" * 36, 36), ctypes.c_uint32(36)
count = call("recvfrom", ultra, memory, 1000, 0, peer, ctypes.byref(length))
row("ultra, 500 bytes arrive as", count, memory.raw[1:count] == b"u" * (count - 1))
row("ultra, address of the sender", length.value, peer.raw == b"\xEE" * 36)
