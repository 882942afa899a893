import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct ReceiveTests {
    private let scratch: Scratch
    private let inbox: Scratch

    init() throws {
        scratch = try Scratch()
        inbox = try Scratch()
    }

    /// Receives into the inbox while `send` sends to the address that it is given.
    private func receiving<Answer: Sendable>(
        _ arguments: String..., send: @Sendable @escaping (_ address: String) async throws -> Answer
    ) async throws -> (server: Outcome, partner: Answer) {
        try await Program.irsock.serve(
            ["receive", "--tcp", "127.0.0.1:0", "--into", inbox.path] + arguments
        ) { greeting in
            let words = greeting.split(separator: " ")
            try #require(words.count > 2 && words[0] == "Receiving", "the receiver says: \(greeting)")
            return try await send(String(words[2]))
        }
    }

    @Test("What is sent arrives, whole, under its name and for its owner only", arguments: [0, 1, 300_000])
    func whole(_ size: Int) async throws {
        let content = Bytes.random(size, seed: 3)
        let file = try scratch.write(content, as: "photo.jpg")
        let (receiver, sender) = try await receiving("--count", "1") { address in
            try await Program.irsock.run("send", file, "--tcp", address)
        }
        #expect(sender.exitCode == 0 && receiver.exitCode == 0, "\(sender.errors) \(receiver.errors)")
        #expect(receiver.text.hasPrefix("photo.jpg: \(size) bytes from 127.0.0.1:"), "\(receiver.text)")
        let path = inbox.file("photo.jpg")
        let cat = try await Program.shell.run("-c", "stat -c %a '\(path)'; cat '\(path)'")
        #expect(cat.output == Bytes(Array("600\n".utf8) + content.bytes))
    }

    @Test("A name with what would be a path elsewhere goes under a name that is none")
    func namesOfPaths() async throws {
        let file = try scratch.write("abc", as: #"10:30 a\b.txt"#)
        let (receiver, sender) = try await receiving("--count", "1") { address in
            try await Program.irsock.run("send", file, "--tcp", address)
        }
        #expect(sender.text.hasPrefix(#"10:30 a\b.txt: 3 bytes to "#), "\(sender.text) \(sender.errors)")
        #expect(sender.text.contains(", as '10_30 a_b.txt'"))
        #expect(receiver.exitCode == 0)
        #expect(try Scratch.contents(of: inbox.file("10_30 a_b.txt")) == "abc")
    }

    @Test("Nothing is written over without --force; nothing else is left behind")
    func overwriting() async throws {
        let file = try scratch.write("new", as: "a.txt")
        _ = try inbox.write("old", as: "a.txt")
        for name in ["a (2).txt", "a (3).txt"] {
            let (receiver, _) = try await receiving("--count", "1") { address in
                try await Program.irsock.run("send", file, "--tcp", address)
            }
            #expect(receiver.text.hasPrefix("\(name): 3 bytes from ") && receiver.text.hasSuffix(", sent as 'a.txt'\n"))
        }
        #expect(try Scratch.contents(of: inbox.file("a.txt")) == "old")
        let (receiver, _) = try await receiving("--count", "1", "--force") { address in
            try await Program.irsock.run("send", file, "--tcp", address)
        }
        #expect(receiver.text.hasPrefix("a.txt: 3 bytes"))
        #expect(try Scratch.contents(of: inbox.file("a.txt")) == "new")
        let list = try await Program.shell.run("-c", "ls -A '\(inbox.path)'")
        #expect(list.lines.sorted() == ["a (2).txt", "a (3).txt", "a.txt"])
    }

    @Test("A file that is too large is refused, others are taken, and both ends say so")
    func limits() async throws {
        let large = try scratch.write(Bytes.random(2000, seed: 4), as: "large")
        let small = try scratch.write("x", as: "small")
        let (receiver, sender) = try await receiving("--count", "1", "--limit", "1K", "--json") { address in
            try await Program.irsock.run("send", large, small, "--tcp", address)
        }
        #expect(sender.exitCode == 1)
        #expect(
            sender.errorLines.first?.contains(
                "the other end refuses (CD Requested entity too large).") == true,
            "\(sender.errors)")
        #expect(sender.text.hasPrefix("small: 1 bytes to "))
        #expect(receiver.lines.count == 2)
        #expect(receiver.lines.first?.contains(#""reason":"it was refused (CD Requested entity too large)""#) == true)
        #expect(receiver.lines.last?.contains(#""file":"small""#) == true)
    }

    @Test("Names from strangers do no harm: obexftp, an independent client, sends to us")
    func foreignClient() async throws {
        let content = Bytes.random(100_000, seed: 5)
        let file = try scratch.write(content, as: "CON.txt")
        let (receiver, _) = try await receiving("--count", "1") { address in
            let port = address.split(separator: ":").last.map(String.init) ?? ""
            let outcome = try await Program.obexftp.run("-n", "127.0.0.1", "-B", port, "-U", "none", "-p", file)
            #expect(outcome.errors.contains("Sending") && !outcome.errors.contains("failed"), "\(outcome.errors)")
        }
        #expect(receiver.text.hasPrefix("_CON.txt: 100000 bytes from "), "\(receiver.text) \(receiver.errors)")
        let cat = try await Program.shell.run("-c", "cat '\(inbox.path)/_CON.txt'")
        #expect(cat.output == content)
    }

    /// Runs a script where `serve COMMAND` starts a server on port 650, the only one that these know; in a network of its own that
    /// is free and allowed.
    private func inPrivateNetwork(_ script: String) async throws -> Outcome {
        for (program, package) in [("obexftpd", "obexftp"), ("obex_tcp", "openobex-apps")] {
            let installed = try await Program.shell.run("-c", "command -v \(program)")
            #expect(
                installed.exitCode == 0,
                "These tests need \(program): apt-get install --no-install-recommends \(package)")
        }
        let prelude = """
            ip link set lo up
            cd '\(inbox.path)' || exit 9
            irsock='\(Program.irsockPath)'
            serve() {
                "$@" > /dev/null 2>&1 < input &
                server=$!
                tries=0
                while ! grep -q ':028A 0*:0000 0A' /proc/net/tcp6; do
                    tries=$((tries + 1)); [ $tries -lt 300 ] || exit 8; sleep 0.1
                done
            }

            """
        return try await Program.unshare.run("-rn", "sh", "-c", prelude + script)
    }

    @Test("obex_tcp, an independent server, takes files of one packet and of many")
    func foreignServer() async throws {
        let content = Bytes.random(50_000, seed: 6)
        let large = try scratch.write(content, as: "large.bin")
        let small = try scratch.write("hello", as: "hello.txt")
        let outcome = try await inPrivateNetwork(
            """
            mkfifo input; exec 3<> input; echo s > input
            serve obex_tcp
            "$irsock" send '\(small)' '\(large)' --tcp 127.0.0.1:650 || exit 7
            echo q > input; wait $server; exit 0
            """)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(try Scratch.contents(of: inbox.file("hello.txt")) == "hello")
        #expect(try await Program.shell.run("-c", "cat '\(inbox.file("large.bin"))'").output == content)
    }

    @Test("obexftpd, another independent server, gives a file")
    func foreignGiver() async throws {
        let content = Bytes.random(50_000, seed: 6)
        _ = try inbox.write(content, as: "there.bin")
        let outcome = try await inPrivateNetwork(
            """
            : > input
            serve obexftpd -c '\(inbox.path)' -n 650
            "$irsock" get there.bin --tcp 127.0.0.1:650 || exit 6
            kill $server; wait $server; exit 0
            """)
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        #expect(outcome.output == content)
    }

    @Test("A full disk is told to the sender, and nothing is left on it")
    func fullDisk() async throws {
        let large = try scratch.write(Bytes.random(200_000, seed: 8), as: "large")
        let script = """
            mount -t tmpfs -o size=65536 none '\(inbox.path)' || exit 9
            cd '\(scratch.path)'
            '\(Program.irsockPath)' receive --tcp 127.0.0.1:0 --into '\(inbox.path)' 2> log & receiver=$!
            tries=0
            until grep -q Receiving log; do tries=$((tries + 1)); [ $tries -lt 300 ] || exit 8; sleep 0.1; done
            '\(Program.irsockPath)' send '\(large)' --tcp "$(cut -d ' ' -f 3 log)"
            kill $receiver; wait $receiver
            tail -n 1 log; ls -A '\(inbox.path)'
            """
        let outcome = try await Program.unshare.run("-rm", "sh", "-c", script)
        #expect(outcome.errors.contains("the other end refuses (E0 Database full)"), "\(outcome.errors)")
        #expect(outcome.lines.count == 1, "\(outcome.lines)")
        #expect(outcome.text.contains("was not kept: it cannot be kept: No space left on device."), "\(outcome.text)")
    }

    @Test("Ctrl-C in the middle of a file leaves nothing behind")
    func interrupted() async throws {
        let arguments = ["receive", "--tcp", "127.0.0.1:0", "--into", inbox.path]
        let script = """
            import os, signal, socket, subprocess, sys
            receiver = subprocess.Popen(sys.argv[1:], stderr=subprocess.PIPE)
            port = int(receiver.stderr.readline().split()[2].rsplit(b":", 1)[1])
            peer = socket.create_connection(("127.0.0.1", port))
            def ask(packet):
                peer.sendall(bytes.fromhex(packet))
                answer = peer.recv(3, socket.MSG_WAITALL)
                return answer + peer.recv(answer[1] * 256 + answer[2] - 3, socket.MSG_WAITALL)
            assert ask("80000710000400")[0] == 0xA0
            assert ask("02 000E 01 0007 0061 0000 48 0004 41")[0] == 0x90
            print(len(os.listdir(sys.argv[-1])))
            receiver.send_signal(signal.SIGINT)
            print(receiver.wait())
            print(len(os.listdir(sys.argv[-1])))
            """
        let outcome = try await Program.python.run(["-c", script, "\(Program.irsockPath)"] + arguments)
        #expect(outcome.lines == ["1", "130", "0"], "\(outcome.errors)")
    }

    @Test(
        "Wrong usage is explained",
        arguments: [
            ["receive", "--count", "0"], ["receive", "--limit", "1X"], ["receive", "--limit-files", "0"], ["send"],
            ["send", "a", "--to", "B", "--tcp", "127.0.0.1:1"], ["send", "a", "--patience", "0"],
            ["get", "--force"], ["get", "a/"], ["get", "--from", "B", "--tcp", "127.0.0.1:1"],
        ])
    func usage(_ arguments: [String]) async throws {
        let outcome = try await Program.irsock.run(arguments)
        #expect(outcome.exitCode == 64, "\(outcome.errors)")
    }
}

extension Program {
    static let obexftp = tool("obexftp", package: "obexftp")
    static let unshare = tool("unshare", package: "util-linux")
}
