#define _GNU_SOURCE
#include "Calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char file_name[] = "libirsock-af-irda.so";
static const char prefix[] = "irsock_af_irda_";

__thread int inside_calls;

static struct af_irda_calls calls;
static const struct af_irda_calls *loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void complain(const char *problem) {
    if (getenv("IRSOCK_PRELOAD_DEBUG")) fprintf(stderr, "irsock: no AF_IRDA in this program: %s\n", problem);
}

// Where this library is, the other is beside it.
static int path_beside_us(char *path, size_t size) {
    Dl_info us;
    if (dladdr((void *)&path_beside_us, &us) == 0 || !us.dli_fname) return -1;
    const char *slash = strrchr(us.dli_fname, '/');
    int directory = slash ? (int)(slash - us.dli_fname) + 1 : 0;
    int length = snprintf(path, size, "%.*s%s", directory, us.dli_fname, file_name);
    return length > 0 && (size_t)length < size ? 0 : -1;
}

static void load(void) {
    char path[PATH_MAX];
    if (path_beside_us(path, sizeof path) != 0) return complain("the path of the preloaded library is not known");
    // Never unloaded; its names are nobody's business.
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return complain(dlerror());
    char name[64];
#define LOOK_UP(call, parameters) \
    snprintf(name, sizeof name, "%s%s", prefix, #call); \
    calls.call = (int(*) parameters)dlsym(library, name); \
    if (!calls.call) return complain(dlerror());
    AF_IRDA_CALLS(LOOK_UP)
#undef LOOK_UP
    loaded = &calls;
}

const struct af_irda_calls *af_irda_calls(void) {
    int saved = errno;
    // Loading runs code of the Swift runtime, which may open files and close them.
    inside_calls++;
    pthread_once(&once, load);
    inside_calls--;
    errno = saved;
    return loaded;
}
