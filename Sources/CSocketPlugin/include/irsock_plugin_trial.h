/* How the loader tries a plug-in out. Not for plug-ins. */
#ifndef IRSOCK_PLUGIN_TRIAL_H
#define IRSOCK_PLUGIN_TRIAL_H

#include <stdint.h>

/* How far a trial came. */
enum {
    IRSOCK_TRIAL_LOADING = 0,
    IRSOCK_TRIAL_ENTERING = 1,
    IRSOCK_TRIAL_READING = 2,
    IRSOCK_TRIAL_DONE = 3
};

typedef struct irsock_trial {
    /* One of the above: what the plug-in was doing at the end. */
    int32_t stage;
    /* The signal that ended the child; 0 if none did. */
    int32_t signal;
    /* Its exit status, if no signal ended it; 0 is well. */
    int32_t status;
    /* 1 if it was still busy when the time was over, and was killed. */
    int32_t is_late;
} irsock_trial;

/*
 * Loads a library in a child process, calls its entry and reads through its table; then the child ends at once. Whatever the library does,
 * it does it there.
 *
 * Returns 0, or the errno of what kept the trial from being made.
 */
int irsock_plugin_try(const char *path, int32_t patience_milliseconds, irsock_trial *trial);

#endif
