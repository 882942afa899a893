// The header alone; what needs code is in files of its own.
#include "CLinux.h"
