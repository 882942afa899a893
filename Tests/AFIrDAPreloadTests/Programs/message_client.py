"""Sends four messages to a service of messages, and looks at their bounds."""
from irda import *

phone = device_named("Phone")
fd = make(SEQPACKET)
row("connect", connect(fd, phone, b"Messages"), get_int(fd, MAX_SDU_SIZE))
row("a short one", send(fd, b"abcdefgh"), receive(fd, 3), receive(fd, 3, socket.MSG_DONTWAIT))
row("a long one", send(fd, bytes(20000)), len(receive(fd, 65536)))
row("60,000 bytes", send(fd, bytes(60000)), len(receive(fd, 65536)))
row("truncated", send(fd, b"abcdefgh"), call("recv", fd, ctypes.create_string_buffer(8), 3, socket.MSG_TRUNC))
os.close(fd)
