"""Offers a service by number 23 and answers one line in capitals, with Python's own socket objects where they know how."""
import ctypes
import socket
import struct
import sys

server = socket.socket(23, socket.SOCK_STREAM)
address = struct.pack("=HBxI25s3x", 23, 0xFF, 0, sys.argv[1].encode())
# Python's bind wants to know the family.
if ctypes.CDLL(None, use_errno=True).bind(server.fileno(), address, len(address)) != 0:
    raise OSError(ctypes.get_errno(), "bind")
server.listen(1)
descriptor, peer = server._accept()
connection = socket.socket(fileno=descriptor)
print("family", connection.family, "peer", len(peer[1]) if isinstance(peer, tuple) else peer, flush=True)
file = connection.makefile("rwb")
file.write(file.readline().upper())
file.flush()
