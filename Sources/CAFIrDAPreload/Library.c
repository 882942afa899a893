#define _GNU_SOURCE
#include "Library.h"

#include <dlfcn.h>

struct library library;
bool library_is_known;

__attribute__((constructor)) void look_library_up(void) {
    if (library_is_known) return;
#define LOOK_UP(result, name, parameters) library.name = (result(*) parameters)dlsym(RTLD_NEXT, #name);
    LIBRARY_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
    // C libraries without a name of its own for large files.
    if (!library.fcntl64) library.fcntl64 = library.fcntl;
    library_is_known = true;
}

// Swift's driver links every library, also one of C alone, to Swift's runtime and the C++ library, which would make each start of
// a program slower. It takes options for the linker out of this section and puts them before those libraries: link only to what
// is used.
__attribute__((section(".swift1_autolink_entries"), used, retain, no_sanitize("address"))) static const char link_options[] = "-Wl,--as-needed";
