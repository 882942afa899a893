/* Nothing to call: linking with libwmain is all that a program does with it. */
