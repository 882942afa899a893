"""Data, its end, and descriptors, case by case."""
import fcntl
import subprocess
import threading

from irda import *

phone = device_named("Phone")


def connected(service=b"Echo", flags=0):
    fd = make(STREAM | flags)
    result = connect(fd, phone, service)
    assert result == 0, result
    return fd


# Without a connection.
fd = make()
row("unconnected", send(fd, b"x"), receive(fd), call("write", fd, b"x", 1), call("read", fd, ctypes.create_string_buffer(1), 1))
row("unconnected, not waiting", receive(fd, flags=socket.MSG_DONTWAIT))
fcntl.fcntl(fd, fcntl.F_SETFL, NONBLOCK)
row("unconnected, non-blocking", receive(fd), send(fd, b"x"))
row("unconnected, poll", events(fd))
row("unconnected, lengths", ioctl(fd, FIONREAD), ioctl(fd, TIOCOUTQ) > 0)
row("unconnected, shutdown", call("shutdown", fd, 2), call("shutdown", fd, 77))
os.close(fd)

# With one.
fd = connected()
row("usual send buffer", get_int(fd, socket.SO_SNDBUF, socket.SOL_SOCKET) > 100000)
row("5,000 bytes in one call", send(fd, b"a" * 5000), receive_all(fd, 5000) == (b"a" * 5000, None))
row("a part of a message", send(fd, b"abcdefgh"), receive(fd, 3), events(fd, select.POLLIN), receive_all(fd, 5)[0])
bad = ctypes.c_void_p(16)
row("no memory", call("send", fd, bad, 5, 0), call("recv", fd, bad, 5, socket.MSG_DONTWAIT),
    call("readv", fd, bad, 1), call("writev", fd, bad, 1))
row("peek", send(fd, b"peek"), receive(fd, 4, socket.MSG_PEEK | socket.MSG_WAITALL), receive(fd, 4, socket.MSG_WAITALL))
row("nothing there, not waiting", receive(fd, flags=socket.MSG_DONTWAIT))
row("urgent", send(fd, b"x", socket.MSG_OOB), send(fd, b"x", socket.MSG_MORE), receive(fd, flags=socket.MSG_OOB))
where = address(5, b"Nowhere")
row("sendto", call("sendto", fd, b"to", 2, 0, where, len(where)), receive_all(fd, 2)[0])
length = ctypes.c_uint32(36)
row("write, read", call("write", fd, b"12345", 5), events(fd, select.POLLIN, 60))
row("FIONREAD", ioctl(fd, FIONREAD))
row("FIONREAD, two segments", send(fd, b"67"), until(lambda: ioctl(fd, FIONREAD) == 7))
memory = ctypes.create_string_buffer(8)
row("recvfrom", call("recvfrom", fd, memory, 7, 0, memory, ctypes.byref(length)), memory.raw[:7])
row("TIOCOUTQ", ioctl(fd, TIOCOUTQ) > 4096)
row("time-out", set_option(fd, socket.SO_RCVTIMEO, struct.pack("=qq", 0, 20000), socket.SOL_SOCKET), receive(fd))
row("send buffer", set_option(fd, socket.SO_SNDBUF, 50000, socket.SOL_SOCKET), get_int(fd, socket.SO_SNDBUF, socket.SOL_SOCKET))
os.close(fd)

fd = make()
row("send buffer before connect", set_option(fd, socket.SO_SNDBUF, 60000, socket.SOL_SOCKET), events(fd, select.POLLOUT),
    get_int(fd, socket.SO_SNDBUF, socket.SOL_SOCKET), connect(fd, phone, b"Echo"),
    get_int(fd, socket.SO_SNDBUF, socket.SOL_SOCKET))
os.close(fd)

# select and epoll, registered before the connect.
fd = make(STREAM | NONBLOCK)
poll = select.epoll()
poll.register(fd, select.EPOLLOUT)
row("epoll", poll.poll(0), connect(fd, phone, b"Echo"), poll.poll(60) == [(fd, select.EPOLLOUT)], connect(fd, phone, b"Echo"))
poll.modify(fd, select.EPOLLIN)
row("epoll, data", send(fd, b"x"), poll.poll(60) == [(fd, select.EPOLLIN)], receive(fd))
row("select", send(fd, b"y"), select.select([fd], [], [], 60)[0] == [fd], receive(fd))
poll.close()
os.close(fd)

# The end.
fd = connected(b"Source")
row("the peer has closed, data is queued", until(lambda: events(fd) == "IN+OUT+HUP"))
row("what the peer sent", len(receive_all(fd, 10)[0]))
row("the peer has closed", receive(fd), receive(fd, flags=socket.MSG_DONTWAIT), call("read", fd, memory, 8), events(fd, 0))
row("send after that", send(fd, b"x"))
signal.signal(signal.SIGPIPE, lambda *_: row("SIGPIPE", "delivered"))
row("write after that", call("write", fd, b"x", 1))
os.close(fd)
fd = connected(b"Source")
row("wait for all at the end", receive(fd, 100, socket.MSG_WAITALL))
os.close(fd)

for how in (0, 1, 2, 9):
    fd = connected()
    row(f"shutdown {how}", call("shutdown", fd, how), send(fd, b"x"), receive(fd))
    os.close(fd)

# A thread that waits hears of the end.
fd = connected()
results = []
thread = threading.Thread(target=lambda: results.append(receive(fd)))
thread.start()
call("shutdown", fd, 2)
thread.join(60)
row("shutdown wakes a receiver", results)
os.close(fd)

# Copies.
fd = make()
copy = call("dup", fd)
high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100)
target = os.dup2(os.open("/dev/null", os.O_RDONLY), 90)
row("dup", connect(copy, phone, b"Echo"), names(fd)[1], names(high)[1], call("dup2", high, target) == target, names(target)[1])
os.close(fd)
os.close(copy)
row("after closing two", send(high, b"copy"), receive_all(target, 4)[0])
row("dup2 over a copy", os.dup2(os.open("/dev/null", os.O_RDONLY), target) == target, names(target)[0])
os.close(high)

# A descriptor that was closed without telling, and its number again.
fd = connected()
stream = libc.fdopen
stream.restype = ctypes.c_void_p
libc.fclose.argtypes = [ctypes.c_void_p]
libc.fclose(ctypes.c_void_p(stream(fd, b"r")))
again = os.open("/dev/null", os.O_RDONLY)
row("closed behind our back", again == fd, names(again)[0], call("read", again, memory, 8))
os.close(again)

# Children.
fd = connected()
child = os.fork()
if child == 0:
    os._exit(0 if send(fd, b"child") == 5 and receive_all(fd, 5)[0] == b"child" and names(fd)[1] == 23 else 1)
row("fork", os.waitpid(child, 0)[1], send(fd, b"parent"), receive_all(fd, 6)[0])
fresh = os.fork()
if fresh == 0:
    own = connected()
    os._exit(0 if send(own, b"x") == 1 and receive(own) == b"x" else 1)
row("fork, a socket of the child's own", os.waitpid(fresh, 0)[1])
script = "from irda import *; print(names(int(sys.argv[1]))[:4], send(int(sys.argv[1]), b'exec'), receive_all(int(sys.argv[1]), 4)[0])"
output = subprocess.run([sys.executable, "-c", script, str(fd)], pass_fds=[fd], capture_output=True, text=True,
                        cwd=os.path.dirname(os.path.abspath(__file__)))
row("exec", output.stdout.strip().replace(str(phone), "PHONE"), output.stderr.strip().replace("\n", "|"))
row("after both", send(fd, b"still"), receive_all(fd, 5)[0])
os.close(fd)

# The other end of fork: the parent closes its copy, and the child goes on.
fd = connected()
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.read(reader, 1)
    os._exit(0 if send(fd, b"late") == 4 and receive_all(fd, 4)[0] == b"late" else 1)
os.close(fd)
os.write(writer, b"x")
row("the parent closes first", os.waitpid(child, 0)[1])

# Other families.
pair = socket.socketpair()
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
client = socket.create_connection(server.getsockname())
accepted, _ = server.accept()
client.sendall(b"tcp")
row("other families", accepted.recv(3), client.getpeername() == server.getsockname(), pair[0].send(b"x"), pair[1].recv(1))
