// A program that begins at wmain and prints wide text, among narrow.
#include <Windows.h>
#include <string>
#include <iostream>

int wmain(int argc, wchar_t *argv[]) {
    wprintf(L"%d arguments, the last is %s\n", argc - 1, argv[argc - 1]);
    printf("narrow\n");
    wprintf(L"%ls %ws %S %hs %c %C|%ld %lu %I64d %x %5.1f %-4d|%%\n", L"a", L"b", "c", "d", L'e', 'f', -1, 4294967295u, -5LL, 255, 1.25, 7);
    fwprintf(stdout, L"%s\n", L"gr\u00fc\u00df \u20ac \U0001F4A1");
    std::cout << "stream" << std::endl;
    return 3;
}
