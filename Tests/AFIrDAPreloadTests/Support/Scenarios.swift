extension Room.Scenario {
    /// Nobody but the local station.
    static let empty = Self(yaml: "station: { name: Laptop }\n", stations: ["Laptop"])

    /// A phone with services and a camera with none.
    static let phoneAndCamera = Self(
        yaml: """
            station: { name: Laptop }
            devices:
              - name: Phone
                address: 0x9ABCDEF1
                hints: [PnP, OBEX]
                services:
                  - class: Echo
                    behaviour: echo
                    selector: 0x12
                    attributes: { Data: [1, 2, 0xFF] }
                  - class: Source
                    behaviour: source:10
              - name: Camera
                hints: [Printer]
            """, stations: ["Laptop"])

    /// A phone with an echo, and links that are given up after three seconds of silence.
    static let impatient = Self(
        yaml: """
            station: { name: Laptop, parameters: { disconnect-time: 3 } }
            devices:
              - name: Phone
                hints: [OBEX]
                parameters: { disconnect-time: 3 }
                services: [{ class: Echo, behaviour: echo, selector: 0x12 }]
            """, stations: ["Laptop"])

    /// Two phones that offer the same, and more.
    static let twoPhones = Self(
        yaml: """
            station: { name: Laptop }
            devices:
              - name: First
                hints: [OBEX]
                services: [{ class: Echo, behaviour: echo, selector: 0x12 }]
              - name: Second
                hints: [OBEX]
                services:
                  - { class: Echo, behaviour: echo, selector: 0x12 }
                  - { class: Notes, behaviour: echo }
            """, stations: ["Laptop"])

    /// Two stations for programs, whose link is as given.
    ///
    /// - Parameters:
    ///   - dataSize: the longest frame that both take.
    ///   - bitErrorRate: the probability that a bit arrives wrong.
    ///   - seed: what their choices follow from.
    ///   - withPrinter: whether there is a device without services besides.
    static func twoStations(
        dataSize: Int = 2048, bitErrorRate: Double = 0, seed: Int = 1, withPrinter: Bool = true
    ) -> Self {
        Self(
            yaml: """
                bit-error-rate: \(bitErrorRate)
                seed: \(seed)
                station: { name: Laptop, hints: [Computer], parameters: { data-size: \(dataSize) } }
                devices:
                  - { name: Phone, hints: [Telephony, OBEX], parameters: { data-size: \(dataSize) } }
                \(withPrinter ? "  - { name: Printer, hints: [Printer] }" : "")
                """, stations: ["Laptop", "Phone"])
    }
}
