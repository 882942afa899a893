#include "irsock_bluetooth.h"

#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
#include <bluetooth/hci_lib.h>
#include <bluetooth/sdp.h>
#include <bluetooth/sdp_lib.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Least significant byte first, in both. */
static bdaddr_t to_bdaddr(uint64_t address) {
    bdaddr_t bytes;
    for (int index = 0; index < 6; index++) bytes.b[index] = (uint8_t)(address >> (8 * index));
    return bytes;
}

static uint64_t from_bdaddr(const bdaddr_t *bytes) {
    uint64_t address = 0;
    for (int index = 0; index < 6; index++) address |= (uint64_t)bytes->b[index] << (8 * index);
    return address;
}

static int negative_errno(void) { return errno ? -errno : -EIO; }

int irsock_bluetooth_adapter(void) {
    int adapter = hci_get_route(NULL);
    return adapter < 0 ? negative_errno() : adapter;
}

int irsock_bluetooth_inquire(int units, int flushes, irsock_bluetooth_device *found, int room) {
    int adapter = irsock_bluetooth_adapter();
    if (adapter < 0) return adapter;
    inquiry_info *devices = NULL;
    int count = hci_inquiry(adapter, units, room, NULL, &devices, flushes ? IREQ_CACHE_FLUSH : 0);
    if (count < 0) return negative_errno();
    int descriptor = hci_open_dev(adapter);
    for (int index = 0; index < count; index++) {
        irsock_bluetooth_device *device = &found[index];
        const uint8_t *class = devices[index].dev_class;
        memset(device, 0, sizeof *device);
        device->address = from_bdaddr(&devices[index].bdaddr);
        device->device_class = (uint32_t)class[0] | (uint32_t)class[1] << 8 | (uint32_t)class[2] << 16;
        /* A device that does not tell its name is a device all the same. */
        if (descriptor >= 0 &&
            hci_read_remote_name(descriptor, &devices[index].bdaddr, sizeof device->name - 1, device->name, 5000) < 0)
            device->name[0] = 0;
    }
    if (descriptor >= 0) hci_close_dev(descriptor);
    bt_free(devices);
    return count;
}

/* The RFCOMM channel in a service record; 0 if it has none. */
static int channel_of(const sdp_record_t *record) {
    sdp_list_t *protocols = NULL;
    if (sdp_get_access_protos(record, &protocols) != 0) return 0;
    int channel = sdp_get_proto_port(protocols, RFCOMM_UUID);
    for (sdp_list_t *one = protocols; one; one = one->next) sdp_list_free((sdp_list_t *)one->data, NULL);
    sdp_list_free(protocols, NULL);
    return channel >= 1 && channel <= 30 ? channel : 0;
}

int irsock_bluetooth_channel(uint64_t address, const uint8_t bytes[16]) {
    bdaddr_t any = {{0}};
    bdaddr_t device = to_bdaddr(address);
    errno = 0;
    sdp_session_t *session = sdp_connect(&any, &device, SDP_RETRY_IF_BUSY);
    if (!session) return negative_errno();
    uuid_t uuid;
    sdp_uuid128_create(&uuid, bytes);
    /* Some devices know the short form only. */
    sdp_uuid128_to_uuid(&uuid);
    uint32_t all = 0x0000FFFF;
    sdp_list_t *search = sdp_list_append(NULL, &uuid);
    sdp_list_t *attributes = sdp_list_append(NULL, &all);
    sdp_list_t *records = NULL;
    errno = 0;
    int answer = sdp_service_search_attr_req(session, search, SDP_ATTR_REQ_RANGE, attributes, &records);
    int channel = answer < 0 ? negative_errno() : 0;
    for (sdp_list_t *one = records; one; one = one->next) {
        sdp_record_t *record = one->data;
        if (channel == 0) channel = channel_of(record);
        sdp_record_free(record);
    }
    sdp_list_free(records, NULL);
    sdp_list_free(attributes, NULL);
    sdp_list_free(search, NULL);
    sdp_close(session);
    return channel;
}

void irsock_bluetooth_print(uint64_t address, char text[18]) {
    bdaddr_t bytes = to_bdaddr(address);
    ba2str(&bytes, text);
}

int irsock_bluetooth_read(const char *text, uint64_t *address) {
    bdaddr_t bytes;
    if (strlen(text) != 17 || bachk(text) < 0 || str2ba(text, &bytes) < 0) return 0;
    *address = from_bdaddr(&bytes);
    return 1;
}
