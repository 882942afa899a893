"""Offers a service by number 23 and answers one line in capitals.

Python's own sockets know the family's number and nothing of its addresses: binding and accepting are the C library's, the rest is
Python's.
"""
import ctypes
import socket
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)


def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "AF_IRDA")
    return result


server = socket.socket(23, socket.SOCK_STREAM)
address = struct.pack("=HBxI25s3x", 23, 0xFF, 0, sys.argv[1].encode())
checked(libc.bind(server.fileno(), address, len(address)))
server.listen(1)
peer, length = ctypes.create_string_buffer(36), ctypes.c_uint32(36)
connection = socket.socket(fileno=checked(libc.accept(server.fileno(), peer, ctypes.byref(length))))
print("family", connection.family, "type", connection.type, "address of", length.value, "bytes", flush=True)
file = connection.makefile("rwb")
file.write(file.readline().upper())
file.flush()
