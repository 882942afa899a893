"""A server that is interrupted, and has no descriptor left. Each of two clients waits for a file before it connects."""
import resource
from irda import *

listener = make()
bind(listener, name=b"Waiting")
libc.listen(listener, 4)


def interrupted(restarts, then):
    """What accept answers while a child sends signals to a handler, until it has sent some and does something else."""
    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.siginterrupt(signal.SIGUSR1, not restarts)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        for _ in range(5):
            # While it waits: for a connection, or for this child.
            until(lambda: open(f"/proc/{parent}/stat").read().rpartition(")")[2].split()[0] == "S")
            os.kill(parent, signal.SIGUSR1)
        then()
        os._exit(0)
    answer = call("accept", listener, None, None)
    os.waitpid(child, 0)
    return "made" if isinstance(answer, int) else answer


row("accept, a handler without SA_RESTART", interrupted(False, lambda: None))
row("accept, a handler with SA_RESTART", interrupted(True, lambda: open("first", "w")))

open("second", "w")
until(lambda: events(listener) == "IN")
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (os.dup(listener), hard))
row("accept, no descriptor left", call("accept", listener, None, None), events(listener))
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
accepted = call("accept", listener, None, None)
row("accept, one left again", "made" if isinstance(accepted, int) else accepted, events(listener))
row("its data", receive(accepted))
