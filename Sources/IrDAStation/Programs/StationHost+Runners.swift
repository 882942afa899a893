import IrDAProtocol
import IrDASimulation
import NIOCore
import SocketBackends
import Subprocess
import struct SystemPackage.FileDescriptor

// Programs behind the `exec:` services of simulated devices.
extension StationHost {
    /// Starts a program for a connection: its standard input and output are the connection.
    func run(_ command: String, on connection: HostedConnection) {
        // A program expects descriptors that block.
        guard let ends = try? ProgramPair.open(programBlocks: true),
            let output = try? ends.program.withDescriptor({ try $0.duplicate() }),
            let end = try? ends.station.open()
        else {
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
            return
        }
        let input = ends.program.release()
        accept(connection, with: end, endpoint: nil)
        runners[connection] = Task {
            await Self.run(command, input: input, output: output)
            self.runnerEnded(connection)
        }
    }

    /// Runs a shell command until it ends, or until the task is cancelled.
    private static func run(_ command: String, input: FileDescriptor, output: FileDescriptor) async {
        var options = PlatformOptions()
        // A group of its own, so that what the shell has started ends with it.
        options.processGroupID = 0
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
        ]
        // A command that cannot be started closes its ends like one that ends at once, and the shell says why.
        _ = try? await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", command], platformOptions: options,
            input: .fileDescriptor(input, closeAfterSpawningProcess: true),
            output: .fileDescriptor(output, closeAfterSpawningProcess: true), error: .currentStandardError)
    }

    private func runnerEnded(_ connection: HostedConnection) {
        runners[connection] = nil
        releaseWaiters()
    }
}
