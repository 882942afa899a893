"""A beam that is blocked: before a connect, while one is pending, and under connections. The argument is irsock, which blocks it."""
import json
import subprocess
import threading

from irda import *

irsock = sys.argv[1]


def fault(*words):
    return subprocess.run([irsock, "fault", *words], check=True, capture_output=True, text=True).stdout.strip()


phone = device_named("Phone")

number = fault("add", "block")
fd = make()
row("blocked, by name", connect(fd, phone, b"Echo"))
os.close(fd)
fd = make(STREAM | NONBLOCK)
row("blocked, by selector, non-blocking", connect(fd, phone, selector=0x12), "HUP" in events(fd, 0, 60),
    connect(fd, phone, selector=0x12))
fault("remove", number)

# The beam is free again before the station gives up; where the machine is too slow for that, once more.
for attempt in range(10):
    number = fault("add", "block")
    fd = make(STREAM | NONBLOCK)
    answers = [connect(fd, phone, selector=0x12), connect(fd, phone, selector=0x12), connect(fd, phone, b"Echo")]
    fault("remove", number)
    happened = events(fd, select.POLLOUT, 60)
    if happened == "OUT":
        break
    os.close(fd)
row("second connect while the first is pending", *answers, happened, connect(fd, phone, b"Echo"), send(fd, b"x"),
    events(fd, select.POLLIN, 60), receive(fd))
os.close(fd)


def taken():
    """How many bytes the station has taken of what the only connection has sent."""
    status = json.loads(subprocess.run([irsock, "status", "--json"], check=True, capture_output=True, text=True).stdout)
    return sum(entry["sent"] for entry in status["sockets"])


# What the station has taken, and the peer not acknowledged, takes room; unless the machine is so slow that the link is lost meanwhile.
for attempt in range(10):
    fd = make()
    assert connect(fd, phone, b"Echo") == 0
    before = ioctl(fd, TIOCOUTQ)
    number = fault("add", "block")
    send(fd, bytes(3000))
    is_taken = until(lambda: taken() == 3000)
    held, happened = before - ioctl(fd, TIOCOUTQ), events(fd, 0)
    fault("remove", number)
    if happened == "none":
        break
    os.close(fd)
row("TIOCOUTQ of what is not acknowledged", is_taken, held, len(receive_all(fd, 3000)[0]), until(lambda: ioctl(fd, TIOCOUTQ) == before))
os.close(fd)


def lose(action):
    """Blocks the beam under a connection, with a thread busy on it."""
    fd = make()
    result = connect(fd, phone, b"Echo")
    assert result == 0, result
    answers = []
    number = fault("add", "block")
    thread = threading.Thread(target=lambda: answers.append(action(fd)))
    thread.start()
    ended = "HUP" in events(fd, 0, 60)
    thread.join(60)
    answers += [ended, send(fd, b"x"), receive(fd)]
    fault("remove", number)
    os.close(fd)
    return answers


def send_for_ever(fd):
    while isinstance(result := send(fd, bytes(65536)), int):
        pass
    return result


row("lost while receiving", *lose(receive))
row("lost while sending", *lose(send_for_ever))
