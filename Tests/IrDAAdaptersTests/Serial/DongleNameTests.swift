import IrDAAdapters
import Testing

/// How people name dongles.
@Suite struct DongleNameTests {
    @Test func everyKindCanBeMadeByItsNameAlone() throws {
        for kind in SerialDongleKind.all {
            let dongle = try SerialDongleKind.dongle(kind.name)
            #expect(!dongle.rates.isEmpty)
            #expect(SerialDongleKind.help.contains("\(kind.name) "))
        }
        #expect(Set(SerialDongleKind.all.map(\.name)).count == SerialDongleKind.all.count)
    }

    @Test func optionsChangeTheDongle() throws {
        #expect(try SerialDongleKind.dongle("raw,rate=19200").rates == [19200])
        #expect(try SerialDongleKind.dongle("raw,lines=off").opening.first == .lines(.neither))
        #expect(
            try SerialDongleKind.dongle("tekram,delay=10").change(to: 9600)?.contains(.wait(.milliseconds(10))) == true)
        #expect(try SerialDongleKind.dongle("ma600,cold=on").opening.contains(.wait(.seconds(1))))
        #expect(try SerialDongleKind.dongle("girbil,echo=off").reset.contains(.write([7])))
        #expect(try SerialDongleKind.dongle("litelink,wiring=netbsd").reset.contains(.lines(.onlyRTS)))
        #expect(try SerialDongleKind.dongle("toim3232,off=500").reset.contains(.wait(.milliseconds(500))))
        #expect(try SerialDongleKind.dongle("TEKRAM").rates.count == 5)
    }

    @Test(arguments: [
        ("", "there is no dongle kind ''"),
        ("tekrm", "there is no dongle kind 'tekrm'; there are: raw, tekram"),
        ("raw,rate", "'rate' is not an option of the form name=value"),
        ("raw,rate=", "'rate=' is not an option"),
        ("raw,rate=9600,rate=9600", "the option 'rate' is given twice"),
        ("raw,rate=fast", "'rate=fast' is not a number of bit/s from 300 to 4000000"),
        ("raw,colour=red", "raw has no option 'colour'; it has rate=BITS, lines=on|off"),
        ("esi,x=1", "esi has no option 'x' and no others"),
        ("raw,lines=up", "'lines=up' is none of lines=off, lines=on"),
    ])
    func mistakesAreExplained(text: String, explanation: String) {
        let error = #expect(throws: SerialDongleError.self) { try SerialDongleKind.dongle(text) }
        #expect(error?.description.contains(explanation) == true, "\(error?.description ?? "")")
    }
}
