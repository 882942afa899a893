"""Connects sockets of one kind to services of the other, and sends what has no connection."""
from irda import *

phone = device_named("Phone")


def once(name, type, service, protocol=0):
    fd = make(type, protocol)
    row(name, connect(fd, phone, service))
    os.close(fd)


fd = make()
row("stream to stream, bound to a selector", bind(fd, selector=0x30), connect(fd, phone, b"Stream"))
os.close(fd)
once("messages to messages", SEQPACKET, b"Messages")
once("stream to messages", STREAM, b"Messages")
once("messages to stream", SEQPACKET, b"Stream")

fd = make(DGRAM)
row("MAX_SDU_SIZE of unitdata", get_int(fd, MAX_SDU_SIZE), set_option(fd, MAX_SDU_SIZE, 1000))
row("unitdata, MSG_NOSIGNAL", connect(fd, phone, b"Stream"), send(fd, b"x", socket.MSG_NOSIGNAL))
row("unitdata, 5,000 bytes", send(fd, bytes(5000)))
os.close(fd)

fd = make(DGRAM, 1)
row("MAX_SDU_SIZE of ultra", get_int(fd, MAX_SDU_SIZE), set_option(fd, MAX_SDU_SIZE, 1000))
row("ultra, 500 bytes", bind(fd, selector=0x21), send(fd, b"\0" + b"u" * 499, socket.MSG_NOSIGNAL))
halves = b"\0" + b"u" * 249, b"u" * 250
row("ultra, 500 bytes in pieces", os.writev(fd, halves), socket.socket(fileno=os.dup(fd)).sendmsg(halves),
    call("writev", fd, ctypes.c_void_p(16), 2))
os.close(fd)
