/* Version 1.1's header: everything in it is in the header of version 2, too. What a program gets follows from what it asks WSAStartup for. */
#include "winsock2.h"
