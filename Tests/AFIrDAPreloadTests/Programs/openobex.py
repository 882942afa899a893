"""The devices that libopenobex finds with its filter for the OBEX hint bit, which obex_find leaves off."""
import ctypes

from irda import row

library = ctypes.CDLL("libopenobex.so.2")
library.OBEX_Init.restype = ctypes.c_void_p
IRDA, FILTER_HINT = 1, 1 << 2
for label, flags in (("without the filter", 0), ("with the filter", FILTER_HINT)):
    handle = ctypes.c_void_p(library.OBEX_Init(IRDA, ctypes.CFUNCTYPE(None)(lambda: None), flags))
    row(label, library.OBEX_EnumerateInterfaces(handle))
    library.OBEX_Cleanup(handle)
