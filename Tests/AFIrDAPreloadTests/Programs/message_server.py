"""Offers a service of messages (SOCK_SEQPACKET), and answers each of four messages with itself."""
from irda import *

fd = make(SEQPACKET)
assert bind(fd, name=b"Messages") == 0
assert call("listen", fd, 1) == 0
# Room for eight bytes of the peer's address, and nothing behind them written.
peer, length = ctypes.create_string_buffer(b"\xEE" * 40, 40), ctypes.c_uint32(8)
connection = call("accept", fd, peer, ctypes.byref(length))
row("accept with room for 8", connection >= 0, struct.unpack_from("=H", peer)[0], peer.raw[8:12] == b"\xEE" * 4, length.value)
for index in range(4):
    message = receive(connection, 65536)
    row(f"message {index}", len(message), send(connection, message))
row("end", receive(connection))
