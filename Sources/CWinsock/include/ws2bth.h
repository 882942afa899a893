/* AF_BTH: Bluetooth sockets (RFCOMM). Include this after winsock2.h. */
#ifndef IRSOCK_WS2BTH_H
#define IRSOCK_WS2BTH_H

#include "winsock2.h"

#define BTHPROTO_RFCOMM 0x0003
#define BTHPROTO_L2CAP 0x0100
#define SOL_RFCOMM BTHPROTO_RFCOMM
#define SOL_L2CAP BTHPROTO_L2CAP
#define SOL_SDP 0x0101
#define NS_BTH 16

#define BT_PORT_ANY ((ULONG)-1)
#define BT_PORT_MIN 0x1
#define BT_PORT_MAX 0xffff
#define BT_PORT_DYN_FIRST 0x1001
#define RFCOMM_MAX_MTU 0x000003F3
#define RFCOMM_MIN_MTU 0x00000017

#define SO_BTH_AUTHENTICATE 0x80000001
#define SO_BTH_ENCRYPT 0x00000002
#define SO_BTH_MTU 0x80000007
#define SO_BTH_MTU_MAX 0x80000008
#define SO_BTH_MTU_MIN 0x8000000a

typedef ULONGLONG BTH_ADDR, *PBTH_ADDR;
#define BTH_ADDR_NULL ((ULONGLONG)0)

#pragma pack(push, 1)
typedef struct _SOCKADDR_BTH {
    USHORT addressFamily;
    BTH_ADDR btAddr;
    GUID serviceClassId;
    ULONG port;
} SOCKADDR_BTH, *PSOCKADDR_BTH;
#pragma pack(pop)

#endif
