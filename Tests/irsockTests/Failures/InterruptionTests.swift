import Glibc
import Subprocess
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct InterruptionTests {
    @Test(
        "Ctrl-C ends the link, the capture and every program of a service",
        arguments: ["echo $$; exec sleep 1000", "sleep 1000 & echo $!; wait", "echo $$; sleep 1000 | cat"],
        [Signal.interrupt, .terminate])
    func connect(command: String, signal: Signal) async throws {
        let scratch = try Scratch()
        let room = try scratch.room("{class: Program, behaviour: 'exec:\(command)'}")
        let capture = scratch.file("session.pcap")
        let (exitCode, errors, process) = try await Program.irsock.untilSignalled(
            ["connect", "irda", "Phone/Program", "--scenario", room, "--capture", capture], by: signal
        ) { lines in
            let line = try await lines.next() ?? ""
            return try #require(pid_t(line), "not the number of a process: \(line)")
        }
        #expect(exitCode == 128 + signal.rawValue)
        #expect(errors == "")
        try await waitUntil("the end of process \(process) of the service") { ProcessTable.hasEnded(process) }
        try await Capture(capture).expect(Capture.session(service: "Program", data: []))
    }

    @Test(
        "Ctrl-C ends a command that waits for a connection",
        arguments: [
            ["inet", "127.0.0.1:0"], ["irda", "Inbox", "--simulate"],
        ])
    func listen(arguments: [String]) async throws {
        let (exitCode, errors, greeting) = try await Program.shell.untilSignalled(
            // Where it listens is said on standard error.
            ["-c", "exec \"$0\" listen \"$@\" 2>&1", "\(Program.irsockPath)"] + arguments, by: .interrupt
        ) { lines in
            try await lines.next()
        }
        #expect(greeting?.hasPrefix("Listening at ") == true, "\(String(describing: greeting))")
        #expect(errors == "")
        #expect(exitCode == 130)
    }
}
