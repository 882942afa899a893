/* In C because the child of a process with threads may do little else than call C functions: Swift's runtime is not made for it. */
#define _GNU_SOURCE
#include "irsock_plugin.h"
#include "irsock_plugin_trial.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void tell(int pipe, char stage) {
    while (write(pipe, &stage, 1) == -1 && errno == EINTR) {
    }
}

/* Reads a string so that a wrong pointer shows now. */
static unsigned touch(const char *text) {
    unsigned sum = 0;
    for (int index = 0; text && index < 256 && text[index]; index++) sum += (unsigned char)text[index];
    return sum;
}

/* Reads all of a table, whatever it says; what is wrong with what it says is for the loader to find out. */
static unsigned read_through(const irsock_plugin_table *table) {
    unsigned sum = 0;
    if (!table || table->version != IRSOCK_PLUGIN_VERSION || table->size < sizeof *table || !table->backends) return 0;
    for (uint32_t number = 0; number < table->backend_count && number < IRSOCK_BACKENDS_LENGTH; number++) {
        const irsock_backend *backend = table->backends[number];
        if (!backend || backend->size < sizeof *backend) continue;
        sum += touch(backend->name) + touch(backend->family_name);
        const irsock_socket_functions *functions = backend->socket_functions;
        if (functions && functions->size >= sizeof *functions) sum += ((const volatile uint8_t *)functions)[sizeof *functions - 1];
        for (uint32_t entry = 0;
             backend->catalogue && entry < backend->catalogue_count && entry < IRSOCK_CATALOGUE_LENGTH; entry++) {
            const irsock_catalogue_entry *kind = backend->catalogue[entry];
            if (kind && kind->size >= sizeof *kind) sum += touch(kind->transport);
        }
    }
    return sum;
}

static void try_in_child(const char *path, int pipe) {
    static const int usual[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGTERM, SIGINT, SIGALRM};
    for (unsigned index = 0; index < sizeof usual / sizeof *usual; index++) signal(usual[index], SIG_DFL);
    /* The thread that was forked may have held signals back. */
    sigset_t nothing;
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    tell(pipe, IRSOCK_TRIAL_LOADING);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    /* What the linker has to say is read again by the loader, which can say it. */
    if (library) {
        irsock_plugin_entry *entry = (irsock_plugin_entry *)dlsym(library, IRSOCK_PLUGIN_ENTRY);
        if (entry) {
            tell(pipe, IRSOCK_TRIAL_ENTERING);
            const irsock_plugin_table *table = entry(IRSOCK_PLUGIN_VERSION);
            tell(pipe, IRSOCK_TRIAL_READING);
            volatile unsigned sum = read_through(table);
            (void)sum;
        }
    }
    tell(pipe, IRSOCK_TRIAL_DONE);
    _exit(0);
}

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int irsock_plugin_try(const char *path, int32_t patience_milliseconds, irsock_trial *trial) {
    *trial = (irsock_trial){.stage = IRSOCK_TRIAL_LOADING};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) == -1) return errno;
    pid_t child = fork();
    if (child == -1) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        return error;
    }
    if (child == 0) {
        close(ends[0]);
        try_in_child(path, ends[1]);
    }
    close(ends[1]);
    /* The pipe ends with the child, unless the library has left something running that keeps it open. */
    int64_t deadline = milliseconds() + patience_milliseconds;
    int is_over = 0;
    while (!is_over) {
        int64_t left = deadline - milliseconds();
        struct pollfd watched = {.fd = ends[0], .events = POLLIN};
        int ready = left > 0 ? poll(&watched, 1, (int)left) : 0;
        if (ready == -1 && errno == EINTR) continue;
        if (ready <= 0) break;
        char stage;
        ssize_t count = read(ends[0], &stage, 1);
        if (count == -1 && errno == EINTR) continue;
        if (count == 1) trial->stage = stage;
        is_over = count != 1 || stage == IRSOCK_TRIAL_DONE;
    }
    close(ends[0]);
    if (!is_over) {
        trial->is_late = 1;
        kill(child, SIGKILL);
    }
    int status = 0;
    while (waitpid(child, &status, 0) == -1) {
        /* A program that ignores SIGCHLD has had its child taken away: then the stage has to do. */
        if (errno != EINTR) return 0;
    }
    if (trial->is_late) return 0;
    if (WIFSIGNALED(status)) trial->signal = WTERMSIG(status);
    if (WIFEXITED(status)) trial->status = WEXITSTATUS(status);
    return 0;
}
