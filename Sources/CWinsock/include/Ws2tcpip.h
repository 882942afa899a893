/* Windows does not tell upper and lower case apart. */
#include "ws2tcpip.h"
