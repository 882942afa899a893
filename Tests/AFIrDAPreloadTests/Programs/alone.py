"""A room without anybody."""
from irda import *

fd = make()
row("enumerate", devices(fd))
row("wait", get_option(fd, WAITDEVICE, struct.pack("=i", 100))[0])
row("any device, 0", connect(fd, 0, b"Echo"))
row("any device, ffffffff", connect(fd, 0xFFFFFFFF, b"Echo"))
row("a device", connect(fd, 0x01020304, b"Echo"))
