// SwiftPM builds a C target from at least one source file; this one has only headers.
#include "CLinux.h"
