/* Windows does not tell upper and lower case apart. */
#include "winsock2.h"
