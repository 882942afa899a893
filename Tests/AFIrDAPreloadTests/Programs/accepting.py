"""A server that is interrupted, and has no descriptor left. Each of two clients waits for a file before it connects."""
import resource
from irda import *

listener = make()
bind(listener, name=b"Waiting")
libc.listen(listener, 4)


def interrupted(restarts, ended):
    """What accept answers while a child sends signals to a handler until `ended` says that there were enough."""
    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.siginterrupt(signal.SIGUSR1, not restarts)
    parent = os.getpid()
    answered, answers = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(answers)
        for sent in range(10_000):
            # A signal can come before accept waits, and is then lost on it: only the answer says that one was not.
            until(lambda: open(f"/proc/{parent}/stat").read().rpartition(")")[2].split()[0] == "S")
            os.kill(parent, signal.SIGUSR1)
            if ended(sent, answered):
                break
        os._exit(0)
    os.close(answered)
    answer = call("accept", listener, None, None)
    os.close(answers)
    os.waitpid(child, 0)
    return "made" if isinstance(answer, int) else answer


def once_it_answers(_, answered):
    return events(answered, seconds=0.001) == "HUP"


def after_five(sent, _):
    if sent < 5:
        return False
    open("first", "w").close()
    return True


row("accept, a handler without SA_RESTART", interrupted(False, once_it_answers))
row("accept, a handler with SA_RESTART", interrupted(True, after_five))

open("second", "w").close()
until(lambda: events(listener) == "IN")
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (os.dup(listener), hard))
row("accept, no descriptor left", call("accept", listener, None, None), events(listener))
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
accepted = call("accept", listener, None, None)
row("accept, one left again", "made" if isinstance(accepted, int) else accepted, events(listener))
row("its data", receive(accepted))
