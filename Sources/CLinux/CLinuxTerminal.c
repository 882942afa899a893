#include "CLinuxTerminal.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <linux/serial.h>
#include <linux/tty_flags.h>
#include <string.h>

// <sys/ioctl.h> and <termios.h> have a struct termios of their own.
extern int ioctl(int descriptor, unsigned long request, ...);

enum { line_dtr = 0x002, line_rts = 0x004, transmitter_empty = 0x01 };

_Static_assert(sizeof(struct termios2) <= sizeof(struct clinux_terminal_settings), "the settings must fit");

int clinux_terminal_save(int descriptor, struct clinux_terminal_settings *settings) {
    struct termios2 terminal;
    if (ioctl(descriptor, TCGETS2, &terminal) < 0) return -1;
    memcpy(settings->bytes, &terminal, sizeof terminal);
    return 0;
}

int clinux_terminal_restore(int descriptor, const struct clinux_terminal_settings *settings) {
    struct termios2 terminal;
    memcpy(&terminal, settings->bytes, sizeof terminal);
    return ioctl(descriptor, TCSETS2, &terminal);
}

int clinux_terminal_make_raw(int descriptor) {
    struct termios2 terminal;
    if (ioctl(descriptor, TCGETS2, &terminal) < 0) return -1;
    terminal.c_iflag = 0;
    terminal.c_oflag = 0;
    terminal.c_lflag = 0;
    terminal.c_cflag &= ~(CSIZE | PARENB | CSTOPB | CRTSCTS | HUPCL);
    terminal.c_cflag |= CS8 | CREAD | CLOCAL;
    // With VMIN 1 a non-blocking read of nothing is EAGAIN, so that 0 can only mean that the line is gone.
    terminal.c_cc[VMIN] = 1;
    terminal.c_cc[VTIME] = 0;
    return ioctl(descriptor, TCSETS2, &terminal);
}

int clinux_terminal_set_rate(int descriptor, uint32_t rate) {
    struct termios2 terminal;
    // A speed of 0 hangs up.
    if (rate == 0) {
        errno = EINVAL;
        return -1;
    }
    if (ioctl(descriptor, TCGETS2, &terminal) < 0) return -1;
    terminal.c_cflag &= ~(CBAUD | CBAUD << IBSHIFT);
    terminal.c_cflag |= BOTHER | BOTHER << IBSHIFT;
    terminal.c_ispeed = rate;
    terminal.c_ospeed = rate;
    return ioctl(descriptor, TCSETS2, &terminal);
}

int clinux_terminal_rate(int descriptor, uint32_t *rate) {
    struct termios2 terminal;
    if (ioctl(descriptor, TCGETS2, &terminal) < 0) return -1;
    *rate = terminal.c_ospeed;
    return 0;
}

int clinux_terminal_set_lines(int descriptor, int dtr, int rts) {
    int lines;
    if (ioctl(descriptor, TIOCMGET, &lines) < 0) return -1;
    lines &= ~(line_dtr | line_rts);
    lines |= (dtr ? line_dtr : 0) | (rts ? line_rts : 0);
    return ioctl(descriptor, TIOCMSET, &lines);
}

int clinux_terminal_has_lines(int descriptor) {
    int lines;
    return ioctl(descriptor, TIOCMGET, &lines);
}

int clinux_terminal_set_exclusive(int descriptor) { return ioctl(descriptor, TIOCEXCL); }

int clinux_terminal_set_low_latency(int descriptor) {
    struct serial_struct serial;
    if (ioctl(descriptor, TIOCGSERIAL, &serial) < 0) return -1;
    serial.flags |= ASYNC_LOW_LATENCY;
    return ioctl(descriptor, TIOCSSERIAL, &serial);
}

int clinux_terminal_discard_input(int descriptor) { return ioctl(descriptor, TCFLSH, TCIFLUSH); }

int clinux_terminal_held_bytes(int descriptor, int *count) { return ioctl(descriptor, TIOCOUTQ, count); }

int clinux_terminal_is_empty(int descriptor, int *is_empty) {
    unsigned int state = 0;
    if (ioctl(descriptor, TIOCSERGETLSR, &state) < 0) return -1;
    *is_empty = (state & transmitter_empty) != 0;
    return 0;
}

int clinux_terminal_counters(int descriptor, struct clinux_line_counters *counters) {
    struct serial_icounter_struct kernel;
    memset(&kernel, 0, sizeof kernel);
    if (ioctl(descriptor, TIOCGICOUNT, &kernel) < 0) return -1;
    counters->received = (uint32_t)kernel.rx;
    counters->sent = (uint32_t)kernel.tx;
    counters->frame_errors = (uint32_t)kernel.frame;
    counters->parity_errors = (uint32_t)kernel.parity;
    counters->overruns = (uint32_t)kernel.overrun;
    counters->breaks = (uint32_t)kernel.brk;
    counters->buffer_overruns = (uint32_t)kernel.buf_overrun;
    return 0;
}
