#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "CLinuxTerminal.h"

int clinux_pseudo_terminal_open(char path[64]) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -1;
    if (grantpt(master) < 0 || unlockpt(master) < 0 || ptsname_r(master, path, 64) != 0) {
        close(master);
        return -1;
    }
    return master;
}
