"""What a process is and has: its environment, its descriptors, its children."""
import resource
import subprocess
from irda import *

# Before there is a service, and when there is one.
there = dict(os.environ)
# Nothing is to be said of it.
del os.environ["IRSOCK_STATION"], os.environ["IRSOCK_PRELOAD_DEBUG"]
os.environ["IRSOCK_RUNTIME_DIR"] = "/nonexistent"
early = make()
os.environ.update(there)
late = make()
row("a service that comes later", early, "made" if isinstance(late, int) else late)

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (os.dup(late), hard))
row("socket, no descriptor left", make())
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
row("socket, one left again", "made" if isinstance(make(), int) else "not")

# A child of vfork closes what is its own.
source = r"""
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
    int fd = socket(23, SOCK_STREAM, 0), other = socket(23, SOCK_STREAM, 0);
    pid_t child = vfork();
    if (child == 0) { close(fd); dup2(0, other); _exit(0); }
    waitpid(child, NULL, 0);
    char byte = 0;
    int sent = send(fd, &byte, 1, MSG_DONTWAIT), first = errno;
    int again = send(other, &byte, 1, MSG_DONTWAIT);
    printf("%d %d %d %d\n", sent, first == ENOTCONN, again, errno == ENOTCONN);
}
"""
subprocess.run(["gcc", "-o", "vfork", "-x", "c", "-"], input=source.encode(), check=True)
row("send after vfork", subprocess.run(["./vfork"], stdout=subprocess.PIPE, check=True).stdout.decode().strip())
