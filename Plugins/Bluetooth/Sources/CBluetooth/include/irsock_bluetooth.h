/* What the Bluetooth family asks of libbluetooth, whose headers Swift cannot read well. */
#ifndef IRSOCK_BLUETOOTH_H
#define IRSOCK_BLUETOOTH_H

#include <stdint.h>

/* A device that an inquiry has found. */
typedef struct irsock_bluetooth_device {
    /* The low 48 bits, as BTH_ADDR has them. */
    uint64_t address;
    /* The class of device, 24 bits. */
    uint32_t device_class;
    /* Its name, or empty if it does not tell. */
    char name[249];
} irsock_bluetooth_device;

/* The number of the adapter that is used; or a negative errno if there is none. */
int irsock_bluetooth_adapter(void);

/* Looks for devices; answers how many there are, or a negative errno. `units` are of 1.28 seconds. */
int irsock_bluetooth_inquire(int units, int flushes, irsock_bluetooth_device *found, int room);

/* Asks a device for the RFCOMM channel of the first service of a class, whose UUID is in network order: the channel, 0 if it has no such
 * service, or a negative errno. */
int irsock_bluetooth_channel(uint64_t address, const uint8_t uuid[16]);

/* Prints an address: XX:XX:XX:XX:XX:XX and a NUL. */
void irsock_bluetooth_print(uint64_t address, char text[18]);

/* Reads an address; 0 if the text is none. */
int irsock_bluetooth_read(const char *text, uint64_t *address);

#endif
