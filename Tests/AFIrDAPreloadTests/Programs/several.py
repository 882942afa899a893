"""Two phones: both have Echo, the second has Notes, too."""
from irda import *


def once(name, service):
    fd = make()
    row(name, connect(fd, 0, service))
    os.close(fd)


once("both offer it", b"Echo")
once("one offers it", b"Notes")
once("neither offers it", b"Nothing")

first, second = device_named("First"), device_named("Second")
fd, other = make(), make()
while (result := connect(fd, first, b"Echo")) == "EHOSTUNREACH":
    pass  # The link to the second phone has not ended yet.
row("second device while linked to a first", result, connect(other, second, b"Echo"), connect(other, second, selector=0x12))
row("query to a second device while linked to a first", get_option(other, IAS_QUERY, ias(b"Device", b"DeviceName", device=second))[0])
os.close(fd)
row("second device when the first is left", connect(other, second, b"Echo"))
