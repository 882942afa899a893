/* main for programs that begin at wmain, as Microsoft's C library has it. In an archive of its own, so that a program with a main of its own
   does not get this one. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

/* A program has one of these: C's wmain, or one of the forms that C++ tells apart by their arguments. Those with fewer arguments leave the
   others alone. */
typedef int start(int, wchar_t **, wchar_t **);
extern start in_c __asm__("wmain") __attribute__((weak));
extern start without_arguments __asm__("_Z5wmainv") __attribute__((weak));
extern start with_arguments __asm__("_Z5wmainiPPw") __attribute__((weak));
extern start with_environment __asm__("_Z5wmainiPPwS0_") __attribute__((weak));

static wchar_t **widened(char **words) {
    size_t count = 0;
    while (words[count] != NULL) count++;
    wchar_t **wide = calloc(count + 1, sizeof *wide);
    for (size_t i = 0; wide != NULL && i < count; i++) {
        size_t length = mbstowcs(NULL, words[i], 0);
        if (length == (size_t)-1) length = 0; /* not text in this locale */
        wide[i] = calloc(length + 1, sizeof **wide);
        if (wide[i] == NULL) return NULL;
        mbstowcs(wide[i], words[i], length);
    }
    return wide;
}

int main(int count, char **words, char **environment) {
    start *program = in_c ? in_c : with_environment ? with_environment : with_arguments ? with_arguments : without_arguments;
    if (program == NULL) {
        fputs("This program has neither a main nor a wmain.\n", stderr);
        return 127;
    }
    setlocale(LC_ALL, "");
    wchar_t **wide_words = widened(words), **wide_environment = widened(environment);
    if (wide_words == NULL || wide_environment == NULL) {
        fputs("There is no memory for the arguments.\n", stderr);
        return 127;
    }
    return program(count, wide_words, wide_environment);
}
