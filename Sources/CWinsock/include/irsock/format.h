/* Formats of Microsoft's printf family. */
#ifndef IRSOCK_FORMAT_H
#define IRSOCK_FORMAT_H

#include <stddef.h>
#include <wchar.h>

/* Writes what glibc's vswprintf takes in place of a format that was written for Microsoft's wprintf.

   `room` is in characters, the last of which becomes NUL; a format never grows to more than twice its length. Returns how many characters it
   takes without the NUL. %n, which writes to memory, and what is no conversion are written as they stand, to be printed. */
size_t irsock_translate_format(const wchar_t *format, wchar_t *translated, size_t room);

#endif
