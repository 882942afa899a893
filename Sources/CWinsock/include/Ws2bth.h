/* Windows does not tell upper and lower case apart. */
#include "ws2bth.h"
