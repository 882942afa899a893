// SwiftPM builds a C target from at least one source file; this one has only a header.
#include "CEpoll.h"
