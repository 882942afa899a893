import FamilyFixtures
import FoundationEssentials
import SystemPackage
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct PluginTests {
    private let plugin: BuiltPlugin

    init() throws {
        plugin = try CPlugin.loopback()
    }

    private func expectLoop(_ outcome: Outcome) {
        #expect(outcome.exitCode == 0)
        #expect(outcome.errors == "")
        #expect(outcome.lines.last?.split(separator: " ") == ["loop", "200", "stream", "0", "Loop", "loop", "yes"])
    }

    @Test("--plugin adds the families of a library, or of all in a directory") func option() async throws {
        expectLoop(try await Program.irsock.run(["families", "--plugin", plugin.path]))
        expectLoop(try await Program.irsock.run(["families", "--plugin", plugin.folder]))
    }

    @Test("IRSOCK_PLUGIN_PATH does the same") func environment() async throws {
        let script = "IRSOCK_PLUGIN_PATH=':\(plugin.folder)' exec '\(Program.irsockPath)' families"
        expectLoop(try await Program.shell.run(["-c", script]))
    }

    @Test("a plug-in that cannot be loaded is one sentence and exit code 1") func refused() async throws {
        let crashing = try CPlugin.broken("CRASH_AT_ONCE")
        let outcome = try await Program.irsock.run(["families", "--plugin", crashing.path])
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.bytes.isEmpty)
        #expect(
            outcome.errors.contains("it crashes in a constructor: Segmentation fault (WSAEPROVIDERFAILEDINIT 10106)"))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        withExtendedLifetime(crashing) {}
    }

    @Test("a plug-in connects as a family that is built in does") func connect() async throws {
        let outcome = try await Program.irsock.run(["connect", "loop", "7", "--plugin", plugin.path])
        #expect(outcome.exitCode == 1)
        #expect(outcome.errors.contains("cannot connect to 7: nobody takes connections there (WSAECONNREFUSED 10061)"))
    }

    @Test("the Bluetooth plug-in is loaded, and says whether this kernel has Bluetooth") func bluetooth() async throws {
        let path = Program.irsockPath.removingLastComponent().appending("libBluetoothPlugin.so").string
        let outcome = try await Program.irsock.run(["families", "--plugin", path])
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let row = try #require(outcome.lines.last)
        #expect(row.split(separator: " ").prefix(6) == ["bluetooth", "32", "stream", "3", "RFCOMM", "bluetooth"])
        #expect(row.hasSuffix("yes") || row.hasSuffix("no: this kernel has no bluetooth sockets"), "\(row)")
    }
}
