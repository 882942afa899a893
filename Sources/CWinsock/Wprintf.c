#include "irsock/format.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* What is being written, and how much of it there is room for. */
struct output {
    wchar_t *place;
    size_t room;
    size_t length;
};

static void put(struct output *output, wchar_t character) {
    if (output->length + 1 < output->room) output->place[output->length] = character;
    output->length++;
}

static void put_all(struct output *output, const wchar_t *begin, const wchar_t *end) {
    while (begin < end) put(output, *begin++);
}

static bool is_one_of(wchar_t character, const wchar_t *set) {
    return character != 0 && wcschr(set, character) != NULL;
}

/* The width of an argument, as a prefix says it. */
enum width { UNSAID, HALF, BYTE_WIDE, LONG_WIDE, LONG_LONG, POINTER_WIDE, MAXIMUM, DIFFERENCE, LONG_DOUBLE, WIDE };

static enum width read_width(const wchar_t **place) {
    const wchar_t *at = *place;
    enum width width = UNSAID;
    if (at[0] == L'h' && at[1] == L'h') width = BYTE_WIDE, at += 2;
    else if (at[0] == L'h') width = HALF, at++;
    else if (at[0] == L'l' && at[1] == L'l') width = LONG_LONG, at += 2;
    else if (at[0] == L'l') width = LONG_WIDE, at++;
    else if (at[0] == L'w') width = WIDE, at++;
    else if (at[0] == L'I' && at[1] == L'6' && at[2] == L'4') width = LONG_LONG, at += 3;
    else if (at[0] == L'I' && at[1] == L'3' && at[2] == L'2') width = UNSAID, at += 3;
    else if (at[0] == L'I') width = POINTER_WIDE, at++;
    else if (at[0] == L'z') width = POINTER_WIDE, at++;
    else if (at[0] == L'j') width = MAXIMUM, at++;
    else if (at[0] == L't') width = DIFFERENCE, at++;
    else if (at[0] == L'L') width = LONG_DOUBLE, at++;
    *place = at;
    return width;
}

/* An integer's prefix for glibc. A long has four bytes on Windows, so it is none. */
static const wchar_t *integer_prefix(enum width width) {
    switch (width) {
    case HALF: return L"h";
    case BYTE_WIDE: return L"hh";
    case LONG_LONG: return L"ll";
    case POINTER_WIDE: return L"z";
    case MAXIMUM: return L"j";
    case DIFFERENCE: return L"t";
    case UNSAID: case LONG_WIDE: case LONG_DOUBLE: case WIDE: return L"";
    }
    return L"";
}

size_t irsock_translate_format(const wchar_t *format, wchar_t *translated, size_t room) {
    struct output output = {translated, room, 0};
    while (*format != 0) {
        const wchar_t *begin = format;
        if (*format != L'%') {
            put(&output, *format++);
            continue;
        }
        format++;
        while (is_one_of(*format, L"-+ #0")) format++;
        while (is_one_of(*format, L"0123456789*.")) format++;
        const wchar_t *flags_end = format;
        enum width width = read_width(&format);
        wchar_t conversion = *format;
        if (conversion != 0) format++;
        if (conversion == L'%') {
            put(&output, L'%');
            put(&output, L'%');
        } else if (is_one_of(conversion, L"sScC")) {
            bool is_upper = conversion == L'S' || conversion == L'C';
            /* In a wide function the lower-case letter is wide, unless a prefix says otherwise. */
            bool is_wide = width == HALF ? false : width == LONG_WIDE || width == WIDE ? true : !is_upper;
            put_all(&output, begin, flags_end);
            if (is_wide) put(&output, L'l');
            put(&output, is_one_of(conversion, L"sS") ? L's' : L'c');
        } else if (is_one_of(conversion, L"diouxX")) {
            put_all(&output, begin, flags_end);
            for (const wchar_t *prefix = integer_prefix(width); *prefix != 0; prefix++) put(&output, *prefix);
            put(&output, conversion);
        } else if (is_one_of(conversion, L"eEfFgGaAp")) {
            put_all(&output, begin, flags_end);
            /* A long double is a double there. */
            put(&output, conversion);
        } else {
            put(&output, L'%');
            put_all(&output, begin, format);
        }
    }
    if (room > 0) translated[output.length < room ? output.length : room - 1] = 0;
    return output.length;
}

/* One character in UTF-8, whatever the locale. */
static size_t encode(wchar_t character, char bytes[4]) {
    unsigned code = (unsigned)character;
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
    if (code < 0x80) return bytes[0] = (char)code, 1;
    if (code < 0x800) return bytes[0] = (char)(0xC0 | code >> 6), bytes[1] = (char)(0x80 | (code & 0x3F)), 2;
    if (code < 0x10000) {
        bytes[0] = (char)(0xE0 | code >> 12);
        bytes[1] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    bytes[0] = (char)(0xF0 | code >> 18);
    bytes[1] = (char)(0x80 | (code >> 12 & 0x3F));
    bytes[2] = (char)(0x80 | (code >> 6 & 0x3F));
    bytes[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* More than this nobody prints at once; it bounds the search for a buffer that is long enough, since vswprintf does not say how long that is. */
static const size_t longest_text = 1 << 22;

static int print(FILE *stream, const wchar_t *format, va_list arguments) {
    if (format == NULL) return errno = EINVAL, -1;
    size_t room = wcslen(format) * 2 + 1;
    wchar_t *translated = malloc(room * sizeof(wchar_t));
    if (translated == NULL) return -1;
    irsock_translate_format(format, translated, room);
    int printed = -1;
    for (size_t length = 512; length <= longest_text; length *= 4) {
        wchar_t *text = malloc(length * sizeof(wchar_t));
        if (text == NULL) break;
        va_list copy;
        va_copy(copy, arguments);
        printed = vswprintf(text, length, translated, copy);
        va_end(copy);
        for (int i = 0; i < printed; i++) {
            char bytes[4];
            size_t count = encode(text[i], bytes);
            if (fwrite(bytes, 1, count, stream) != count) printed = -1;
        }
        free(text);
        if (printed >= 0 || ferror(stream) || errno == EILSEQ) break;
    }
    free(translated);
    return printed;
}

int irsock_wprintf(const wchar_t *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int printed = print(stdout, format, arguments);
    va_end(arguments);
    return printed;
}

int irsock_fwprintf(FILE *stream, const wchar_t *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int printed = print(stream, format, arguments);
    va_end(arguments);
    return printed;
}
