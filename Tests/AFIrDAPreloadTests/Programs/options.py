"""The options of SOL_IRLMP, case by case."""
from irda import *

phone = device_named("Phone")
fd = make()

for count in (1, 2, 10, 16, 21):
    found = devices(fd, count)
    row(f"room for {count}", *sorted(entry[2] for entry in found) if count > 1 else [len(found)])
station, device, name, charset, hints = next(entry for entry in devices(fd) if entry[2] == "Phone")
row("a device", station != 0, f"{device:08X}", name, charset, f"{hints:04X}")
row("no room for a count", get_option(fd, ENUMDEVICES, bytes(3))[0])
row("room for a count", get_option(fd, ENUMDEVICES, bytes(4)))
row("hint mask", set_option(fd, HINT_MASK_SET, 0x0008), [entry[2] for entry in devices(fd)])
row("hint mask of nothing there", set_option(fd, HINT_MASK_SET, 0x0040), devices(fd))
row("hint mask, wait", set_option(fd, HINT_MASK_SET, 0x0040), get_option(fd, WAITDEVICE, struct.pack("=i", 50))[0])
row("hint mask 0", set_option(fd, HINT_MASK_SET, 0), len(devices(fd)))
row("wait", get_option(fd, WAITDEVICE, struct.pack("=i", 5000))[0])
for length in (3, 5):
    row(f"wait, length {length}", get_option(fd, WAITDEVICE, bytes(length))[0])
for option, label in [(HINTS_SET, "HINTS_SET"), (HINT_MASK_SET, "HINT_MASK_SET")]:
    row(label, set_option(fd, option, 0x0400))
    row(f"{label}, length 3", set_option(fd, option, b"abc"))
    row(f"{label}, read", get_int(fd, option))
for option, label in [(QOS_SET, "QOS_SET"), (QOS_GET, "QOS_GET"), (77, "unknown")]:
    row(label, set_option(fd, option, 0), get_int(fd, option))
row("other level", set_option(fd, 1, 0, level=6), get_int(fd, 1, level=6))

row("MAX_SDU_SIZE", get_int(fd, MAX_SDU_SIZE), set_option(fd, MAX_SDU_SIZE, 1000))
message = make(SEQPACKET)
row("MAX_SDU_SIZE of seqpacket", get_int(message, MAX_SDU_SIZE), set_option(message, MAX_SDU_SIZE, 1000))
os.close(message)


def ask(option, class_name, attribute, length=1356, descriptor=None, **fields):
    result, block = get_option(fd if descriptor is None else descriptor, option, ias(class_name, attribute, **fields)[:length])
    return ias_value(block) if result == 0 else result


row("query, string", ask(IAS_QUERY, b"Device", b"DeviceName", device=phone))
row("query, integer", ask(IAS_QUERY, b"Echo", b"IrDA:TinyTP:LsapSel", device=phone))
row("query, octets", ask(IAS_QUERY, b"Echo", b"Data", device=phone))
row("query, garbage in the value", ask(IAS_QUERY, b"Device", b"DeviceName", device=phone, value=b"\xA5" * 1024, type=99))
row("query, missing class", ask(IAS_QUERY, b"Nothing", b"DeviceName", device=phone))
row("query, missing attribute", ask(IAS_QUERY, b"Device", b"Nothing", device=phone))
row("query, address 0", ask(IAS_QUERY, b"Device", b"DeviceName"))
row("query, address ffffffff", ask(IAS_QUERY, b"Device", b"DeviceName", device=0xFFFFFFFF))
row("query, unknown address", ask(IAS_QUERY, b"Device", b"DeviceName", device=0x01020304))
row("query, length 1355", ask(IAS_QUERY, b"Device", b"DeviceName", device=phone, length=1355))
row("query, no memory", call("getsockopt", fd, SOL_IRLMP, IAS_QUERY, None, ctypes.byref(ctypes.c_uint32(1356))),
    call("getsockopt", fd, SOL_IRLMP, IAS_QUERY, ctypes.create_string_buffer(1356), None))

row("get", ask(IAS_GET, b"Device", b"DeviceName") != "EINVAL")
row("get, missing class", ask(IAS_GET, b"Nothing", b"DeviceName"))
row("get, missing attribute", ask(IAS_GET, b"Device", b"Nothing"))
row("get, length 100", ask(IAS_GET, b"Device", b"DeviceName", length=100))

row("set, own class, unbound", set_option(fd, IAS_SET, ias(b"", b"Colour", 7)))
bind(fd, name=b"Mine")
row("set, integer", set_option(fd, IAS_SET, ias(b"", b"Colour", 7)), ask(IAS_GET, b"Mine", b"Colour"))
row("set, again", set_option(fd, IAS_SET, ias(b"Mine", b"Colour", 8)), ask(IAS_GET, b"", b"Colour"))
row("set, octets", set_option(fd, IAS_SET, ias(b"Mine", b"Bytes", b"\x01\x02")), ask(IAS_GET, b"Mine", b"Bytes"))
row("set, string", set_option(fd, IAS_SET, ias(b"Mine", b"Text", "words")), ask(IAS_GET, b"Mine", b"Text"))
row("set, bad type", set_option(fd, IAS_SET, ias(b"Mine", b"Bad", 1, type=9)))
row("set, 1025 octets", set_option(fd, IAS_SET, ias(b"Mine", b"Long", bytes(1025))))
row("set, 1024 octets", set_option(fd, IAS_SET, ias(b"Mine", b"Long", bytes(1024))), len(ask(IAS_GET, b"Mine", b"Long")))
row("set, length 1355", set_option(fd, IAS_SET, ias(b"Mine", b"Short", 1)[:1355]))
row("set, new class with privilege", set_option(fd, IAS_SET, ias(b"Fresh", b"One", 1)), ask(IAS_GET, b"Fresh", b"One"))
os.seteuid(65534)
row("set, new class without privilege", set_option(fd, IAS_SET, ias(b"Foreign", b"One", 1)))
row("set, own class without privilege", set_option(fd, IAS_SET, ias(b"Mine", b"Two", 2)))
os.seteuid(0)
row("delete", set_option(fd, IAS_DEL, ias(b"Mine", b"Colour")), ask(IAS_GET, b"Mine", b"Colour"))
row("delete, missing", set_option(fd, IAS_DEL, ias(b"Mine", b"Colour")))
row("delete, the station's own", set_option(fd, IAS_DEL, ias(b"Device", b"DeviceName")))
os.close(fd)

fd = make()
connect(fd, phone, b"Echo")
row("MAX_SDU_SIZE of a connection", get_int(fd, MAX_SDU_SIZE))
row("query on a connection", ask(IAS_QUERY, b"Device", b"DeviceName"), ask(IAS_QUERY, b"Device", b"DeviceName", device=5))
os.close(fd)
