"""Connects to a service when there is a file, says its name, and waits for the end."""
from irda import *

for name in sys.argv[1:]:
    if not until(lambda: os.path.exists(name)):
        sys.exit(f"there is no file {name}")
    fd = make()
    row(f"connect, {name}", connect(fd, device_named("Phone"), b"Waiting"))
    send(fd, name.encode())
    os.close(fd)
