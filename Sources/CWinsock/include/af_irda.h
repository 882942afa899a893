/* AF_IRDA: infrared sockets. winsock2.h does not include it: a program does, after that (rule R47). */
#ifndef IRSOCK_AF_IRDA_H
#define IRSOCK_AF_IRDA_H

#include "winsock2.h"

#define IRDA_PROTO_SOCK_STREAM 1

#define SOL_IRLMP 0x00FF
#define IRLMP_ENUMDEVICES 0x00000010
#define IRLMP_IAS_SET 0x00000011
#define IRLMP_IAS_QUERY 0x00000012
#define IRLMP_SEND_PDU_LEN 0x00000013
#define IRLMP_EXCLUSIVE_MODE 0x00000014
#define IRLMP_IRLPT_MODE 0x00000015
#define IRLMP_9WIRE_MODE 0x00000016

#define IAS_ATTRIB_NO_CLASS ((ULONG)0x00000010)
#define IAS_ATTRIB_NO_ATTRIB ((ULONG)0x00000000)
#define IAS_ATTRIB_INT ((ULONG)0x00000001)
#define IAS_ATTRIB_OCTETSEQ ((ULONG)0x00000002)
#define IAS_ATTRIB_STR ((ULONG)0x00000003)
#define IAS_MAX_USER_STRING 256
#define IAS_MAX_OCTET_STRING 1024
#define IAS_MAX_CLASSNAME 64
#define IAS_MAX_ATTRIBNAME 256

#define LmCharSetASCII 0
#define LmCharSetISO_8859_1 1
#define LmCharSetISO_8859_2 2
#define LmCharSetISO_8859_3 3
#define LmCharSetISO_8859_4 4
#define LmCharSetISO_8859_5 5
#define LmCharSetISO_8859_6 6
#define LmCharSetISO_8859_7 7
#define LmCharSetISO_8859_8 8
#define LmCharSetISO_8859_9 9
#define LmCharSetUNICODE 0xff

#define LM_HB1_PnP 0x01
#define LM_HB1_PDA_Palmtop 0x02
#define LM_HB1_Computer 0x04
#define LM_HB1_Printer 0x08
#define LM_HB1_Modem 0x10
#define LM_HB1_Fax 0x20
#define LM_HB1_LANAccess 0x40
#define LM_HB_Extension 0x80
#define LM_HB2_Telephony 0x01
#define LM_HB2_FileServer 0x02

typedef struct _SOCKADDR_IRDA {
    u_short irdaAddressFamily;
    u_char irdaDeviceID[4];
    char irdaServiceName[25];
} SOCKADDR_IRDA, *PSOCKADDR_IRDA, *LPSOCKADDR_IRDA;

typedef struct _IRDA_DEVICE_INFO {
    u_char irdaDeviceID[4];
    char irdaDeviceName[22];
    u_char irdaDeviceHints1;
    u_char irdaDeviceHints2;
    u_char irdaCharSet;
} IRDA_DEVICE_INFO, *PIRDA_DEVICE_INFO, *LPIRDA_DEVICE_INFO;

typedef struct _DEVICELIST {
    ULONG numDevice;
    IRDA_DEVICE_INFO Device[1];
} DEVICELIST, *PDEVICELIST, *LPDEVICELIST;

typedef struct _IAS_SET {
    char irdaClassName[IAS_MAX_CLASSNAME];
    char irdaAttribName[IAS_MAX_ATTRIBNAME];
    u_long irdaAttribType;
    union {
        LONG irdaAttribInt;
        struct {
            u_short Len;
            u_char OctetSeq[IAS_MAX_OCTET_STRING];
        } irdaAttribOctetSeq;
        struct {
            u_char Len;
            u_char CharSet;
            u_char UsrStr[IAS_MAX_USER_STRING];
        } irdaAttribUsrStr;
    } irdaAttribute;
} IAS_SET, *PIAS_SET, *LPIAS_SET;

typedef struct _IAS_QUERY {
    u_char irdaDeviceID[4];
    char irdaClassName[IAS_MAX_CLASSNAME];
    char irdaAttribName[IAS_MAX_ATTRIBNAME];
    u_long irdaAttribType;
    union {
        LONG irdaAttribInt;
        struct {
            u_long Len;
            u_char OctetSeq[IAS_MAX_OCTET_STRING];
        } irdaAttribOctetSeq;
        struct {
            u_long Len;
            u_long CharSet;
            u_char UsrStr[IAS_MAX_USER_STRING];
        } irdaAttribUsrStr;
    } irdaAttribute;
} IAS_QUERY, *PIAS_QUERY, *LPIAS_QUERY;

/* _IOR('t', 127, ULONG) */
#define SIO_LAZY_DISCOVERY 0x4004747f

#endif
