/* Windows does not tell upper and lower case apart. */
#include "af_irda.h"
