/* Windows does not tell upper and lower case apart. */
#include "mswsock.h"
