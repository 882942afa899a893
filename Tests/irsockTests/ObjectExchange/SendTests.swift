import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct SendTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("Files go to the only device that takes objects, and each is told of")
    func toPhone() async throws {
        let small = try scratch.write("hello\n", as: "hello.txt")
        let large = try scratch.write(Bytes.random(40_000, seed: 1), as: "photo.jpg")
        let capture = scratch.file("send.pcap")
        let outcome = try await Program.irsock.run("send", small, large, "--simulate", "--capture", capture)
        #expect(outcome.exitCode == 0 && outcome.errors == "", "\(outcome.errors)")
        #expect(outcome.lines.count == 2)
        #expect(outcome.lines.first?.hasPrefix("hello.txt: 6 bytes to Phone") == true, "\(outcome.lines)")
        #expect(outcome.lines.last?.hasPrefix("photo.jpg: 40000 bytes to Phone, ") == true, "\(outcome.lines)")
        try await Capture(capture).expect(Capture.session(service: "OBEX", data: []))
    }

    @Test("An empty file goes too, and JSON says the same")
    func json() async throws {
        let empty = try scratch.write("", as: "empty")
        let outcome = try await Program.irsock.run("send", empty, "--simulate", "--to", "phone", "--json")
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.text.contains(#""file" : "empty""#) && outcome.text.contains(#""taken" : true"#))
    }

    @Test(
        "What cannot be done is said before anything is sent",
        arguments: [
            (["send", "/nonexistent", "--simulate"], "cannot read '/nonexistent': No such file or directory."),
            (["send", "/tmp", "--simulate"], "'/tmp' is not an ordinary file; OBEX sends files of a known size."),
            (["send", "/", "--simulate"], "'/' is not the name of a file."),
            (
                ["send", "/etc/passwd", "--simulate", "--to", "Printer"],
                "Printer takes no objects: it has none of the services OBEX, OBEX:IrXfer, IrDA:OBEX."
            ),
            (
                ["get", "hello.txt", "--simulate"],
                "cannot get 'hello.txt' from Phone: the other end refuses (C3 Forbidden). Many devices take objects and "
                    + "give none."
            ),
            (
                ["get", "--type", "x-obex/capability", "--simulate"],
                "cannot get the object of type x-obex/capability from Phone: the other end refuses (C4 Not found). Many "
                    + "devices take objects and give none."
            ),
            (["get", "--simulate", "--limit", "10"], "it has more than 10 bytes; permit more with --limit."),
            (
                ["get", "--simulate", "--output", "/etc/passwd"],
                "'/etc/passwd' is there already; choose another name, or add --force."
            ),
            (
                ["receive", "--simulate", "--into", "/nonexistent"],
                "cannot put files into '/nonexistent': No such file or directory."
            ),
        ])
    func failures(_ arguments: [String], _ message: String) async throws {
        let outcome = try await Program.irsock.run(arguments)
        #expect(outcome.errors == "Error: \(message)\n")
        #expect(outcome.exitCode == 1 && outcome.text == "")
    }

    @Test("Of several devices one has to be chosen; one that is alone is meant")
    func choosing() async throws {
        let file = try scratch.write("x", as: "x")
        let service = "services: [{class: OBEX, behaviour: inbox}]"
        let two = try scratch.write(
            "devices: [{name: A, hints: obex, \(service)}, {name: B, hints: obex, \(service)}]", as: "two.yaml")
        let refused = try await Program.irsock.run("send", file, "--scenario", two)
        #expect(refused.exitCode == 1)
        #expect(refused.errors.hasPrefix("Error: more than one device in range exchanges objects; choose one of "))
        let alone = try scratch.write(
            "devices: [{name: Old Phone, services: [{class: 'IrDA:OBEX', behaviour: inbox}]}]", as: "one.yaml")
        let taken = try await Program.irsock.run("send", file, "--scenario", alone)
        #expect(taken.exitCode == 0 && taken.text.hasPrefix("x: 1 bytes to Old Phone"), "\(taken.errors)")
    }

    @Test("A device whose service is no OBEX is told from one that refuses")
    func noOBEX() async throws {
        let file = try scratch.write("x", as: "x")
        let room = try scratch.room("{class: OBEX, behaviour: echo}")
        let outcome = try await Program.irsock.run("send", file, "--scenario", room)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.errors.hasPrefix("Error: Phone begins no session: the other end refuses ("), "\(outcome.errors)")
    }

    @Test("The business card of a phone comes to standard output or into a file")
    func card() async throws {
        let outcome = try await Program.irsock.run("get", "--simulate")
        #expect(outcome.exitCode == 0 && outcome.text.hasPrefix("BEGIN:VCARD\r\n"), "\(outcome.errors)")
        let file = scratch.file("card.vcf")
        let second = try await Program.irsock.run("get", "--simulate", "--from", "Phone", "--output", file)
        #expect(second.errors == "\(file): \(outcome.output.count) bytes, which the other end calls 'card.vcf'\n")
        #expect(try Scratch.contents(of: file) == outcome.text)
    }
}
