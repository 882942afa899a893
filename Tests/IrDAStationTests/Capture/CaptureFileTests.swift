import Glibc
import IrDAProtocol
import SystemPackage
import Testing

@testable import IrDASimulation
@testable import IrDAStation

@Suite struct CaptureFileTests {
    private let frame = ObservedFrame(
        moment: IrDAInstant(nanoseconds: 5), direction: .sent, bytes: [0x55, 0x11])

    @Test func theFileIsWholeAfterEachRecord() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/growing.pcap"
        var file = try CaptureFile(path: path, epoch: .zero)
        var expected = PcapCapture.header
        #expect(try contents(of: path) == expected)
        for _ in 1...3 {
            try file.write(frame)
            expected += PcapCapture.record(for: frame, epoch: .zero)
            #expect(try contents(of: path) == expected)
        }
    }

    @Test func anOlderCaptureIsReplaced() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/again.pcap"
        do {
            var file = try CaptureFile(path: path, epoch: .zero)
            try file.write(frame)
        }
        _ = try CaptureFile(path: path, epoch: .zero)
        #expect(try contents(of: path) == PcapCapture.header)
    }

    @Test func aMissingDirectoryIsNamedWithAdvice() {
        let error = #expect(throws: CaptureError.self) {
            _ = try CaptureFile(path: "/no/such/place/a.pcap", epoch: .zero)
        }
        #expect(
            error?.description == "the capture '/no/such/place/a.pcap' cannot be created: No such file or directory "
                + "(errno 2); make its directory first, or choose another")
    }

    @Test func aFullDiskIsNamedWithAdvice() {
        let error = #expect(throws: CaptureError.self) { _ = try CaptureFile(path: "/dev/full", epoch: .zero) }
        #expect(
            error?.description == "the capture '/dev/full' cannot be written: No space left on device "
                + "(errno 28); free some space; what was captured before is whole")
    }

    /// Part of a record that did not fit is taken back, and what comes later goes where it was.
    @Test func theFileStaysWholeWhenAWriteFails() throws {
        // In memory a file may stand where there is no room for another byte; there the next write fails.
        let name = "/irsock-test-\(getpid())"
        let fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0o600)
        try #require(fd >= 0, "errno \(errno)")
        shm_unlink(name)
        let descriptor = FileDescriptor(rawValue: fd)
        let record = PcapCapture.record(for: frame, epoch: .zero)
        try descriptor.writeAll(PcapCapture.header + record + record.prefix(5))
        try descriptor.seek(offset: .max - 5, from: .start)

        let whole = PcapCapture.header.count + record.count
        var file = CaptureFile(descriptor, path: "full.pcap", epoch: .zero, length: Int64(whole))
        #expect(throws: CaptureError.self) { try file.write(frame) }
        #expect(try descriptor.seek(offset: 0, from: .end) == Int64(whole))
        try descriptor.seek(offset: Int64(whole), from: .start)
        try file.write(frame)
        #expect(try contents(of: "/proc/self/fd/\(fd)") == PcapCapture.header + record + record)
    }
}
