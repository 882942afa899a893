// Terminals at any speed, their control lines and counters. The kernel's own headers for these cannot be included beside <termios.h>,
// so the calls are made in C.
#ifndef CLINUX_TERMINAL_H
#define CLINUX_TERMINAL_H

#include <stdint.h>

// What a serial line has counted since it was opened by its driver.
struct clinux_line_counters {
    uint32_t received;
    uint32_t sent;
    uint32_t frame_errors;
    uint32_t parity_errors;
    uint32_t overruns;
    uint32_t breaks;
    uint32_t buffer_overruns;
};

// The settings of a terminal, to put them back later.
struct clinux_terminal_settings {
    unsigned char bytes[64];
};

// All of these return 0, or -1 with errno, as ioctl does.

int clinux_terminal_save(int descriptor, struct clinux_terminal_settings *settings);
int clinux_terminal_restore(int descriptor, const struct clinux_terminal_settings *settings);
// Raw bytes, 8N1, no flow control, lines left alone at the last close.
int clinux_terminal_make_raw(int descriptor);
// Any speed, at once, in bit/s.
int clinux_terminal_set_rate(int descriptor, uint32_t rate);
// The speed that the driver has really set, or that the other side of a pseudo-terminal has asked for.
int clinux_terminal_rate(int descriptor, uint32_t *rate);
// Both lines in one request.
int clinux_terminal_set_lines(int descriptor, int dtr, int rts);
int clinux_terminal_has_lines(int descriptor);
int clinux_terminal_set_exclusive(int descriptor);
int clinux_terminal_set_low_latency(int descriptor);
int clinux_terminal_discard_input(int descriptor);
// How many bytes wait to be sent.
int clinux_terminal_held_bytes(int descriptor, int *count);
// Whether the shift register is empty; ENOTTY where the driver cannot tell.
int clinux_terminal_is_empty(int descriptor, int *is_empty);
int clinux_terminal_counters(int descriptor, struct clinux_line_counters *counters);

// A new pseudo-terminal: the descriptor of its master, or -1 with errno, and the path of the terminal.
int clinux_pseudo_terminal_open(char path[64]);

#endif
