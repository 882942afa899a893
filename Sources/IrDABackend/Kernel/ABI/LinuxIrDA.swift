/// The numbers of Linux's AF_IRDA (linux/irda.h).
package enum LinuxIrDA {
    /// AF_IRDA; Winsock's number is 26.
    package static let family: Int32 = 23
    /// SOL_IRLMP; Winsock's number is 255.
    package static let level: Int32 = 266
    /// IRDAPROTO_ULTRA, the protocol of SOCK_DGRAM without a connection.
    package static let ultra: Int32 = 1
    /// The selector that stands for "any" in an address.
    package static let anySelector: UInt8 = 0xFF
    /// From here on a selector cannot be connected to without asking for a name.
    package static let firstReservedSelector: UInt8 = 0x70
    /// The addresses that stand for "whichever device offers the service".
    package static func isAnyDevice(_ device: UInt32) -> Bool { device == 0 || device == 0xFFFF_FFFF }
}

/// An option of SOL_IRLMP, by its Linux number.
package struct LinuxIrLMPOption: RawRepresentable, Hashable, Sendable {
    /// The number.
    package let rawValue: Int32

    /// Makes an option from its number.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// IRLMP_ENUMDEVICES, read only: a `LinuxDeviceList`.
    package static let enumDevices = Self(rawValue: 1)
    /// IRLMP_IAS_SET, write only: a `LinuxIASBlock`.
    package static let iasSet = Self(rawValue: 2)
    /// IRLMP_IAS_QUERY, read only, with the question in the same block.
    package static let iasQuery = Self(rawValue: 3)
    /// IRLMP_HINTS_SET, write only: an int.
    package static let hintsSet = Self(rawValue: 4)
    /// IRLMP_MAX_SDU_SIZE: an int.
    package static let maxSDUSize = Self(rawValue: 7)
    /// IRLMP_IAS_GET, read only: as a query, of this station's own information base.
    package static let iasGet = Self(rawValue: 8)
    /// IRLMP_IAS_DEL, write only: a `LinuxIASBlock` without a value.
    package static let iasDelete = Self(rawValue: 9)
    /// IRLMP_HINT_MASK_SET, write only: an int.
    package static let hintMaskSet = Self(rawValue: 10)
    /// IRLMP_WAITDEVICE, read only: milliseconds in, a device address out.
    package static let waitDevice = Self(rawValue: 11)
}
