@testable import IrDAProtocol
import Testing

/// A reader of outside bytes. Whatever it accepts must mean the same when it is written and read again.
struct Parser: Sendable, CustomTestStringConvertible {
    var name: String
    /// False if the bytes were accepted and came back as something else.
    var isStable: @Sendable ([UInt8]) -> Bool

    init<Value: Equatable & Sendable>(
        _ name: String, read: @escaping @Sendable ([UInt8]) -> Value?, write: @escaping @Sendable (Value) -> [UInt8]
    ) {
        self.name = name
        isStable = { bytes in
            guard let value = read(bytes) else { return true }
            return read(write(value)) == value
        }
    }

    var testDescription: String { name }

    static let all =
        [
            Parser("IrLAPFrame", read: IrLAPFrame.init(bytes:), write: \.bytes),
            Parser("XIDFrame", read: { IrLAPFrame(bytes: $0).flatMap(XIDFrame.init) }, write: \.frame.bytes),
            Parser("SNRMFrame", read: { IrLAPFrame(bytes: $0).flatMap(SNRMFrame.init) }, write: \.frame.bytes),
            Parser("UAFrame", read: { IrLAPFrame(bytes: $0).flatMap(UAFrame.init) }, write: \.frame.bytes),
            Parser("TestFrame", read: { IrLAPFrame(bytes: $0).flatMap(TestFrame.init) }, write: \.frame.bytes),
            Parser("FRMRField", read: FRMRField.init(bytes:), write: \.bytes),
            // More than 23 bytes are read, but not written.
            Parser("DeviceInfo", read: { DeviceInfo(bytes: Array($0.prefix(23))) }, write: \.bytes),
            Parser("NegotiationParameters", read: { NegotiationParameters(parsing: $0) }, write: \.bytes),
            Parser("LMPDU", read: LMPDU.init(bytes:), write: \.bytes),
            Parser("IASValue", read: IASValue.init(bytes:), write: \.bytes),
            Parser("IAPFrame", read: IAPFrame.init(bytes:), write: \.bytes),
            Parser("TinyTPConnectPDU", read: TinyTPConnectPDU.init(bytes:), write: \.bytes),
            Parser("TinyTPDataPDU", read: TinyTPDataPDU.init(bytes:), write: \.bytes),
        ] + operations

    /// Operation 7 does not exist.
    private static let operations = (1...7 as ClosedRange<UInt8>).flatMap { operation in
        [
            Parser(
                "IASRequest \(operation)", read: { IASRequest(operation: operation, arguments: $0) },
                write: \.arguments),
            Parser("IASReply \(operation)", read: { IASReply(bytes: $0, to: operation) }, write: \.bytes),
        ]
    }
}

@Suite("Total parsers")
struct TotalParserTests {
    @Test("The check notices a reader and a writer that disagree")
    func sensitivity() {
        let wrong = Parser("wrong", read: FRMRField.init(bytes:), write: { $0.bytes.reversed() })
        #expect(!wrong.isStable([1, 2, 3]))
    }

    /// Each example as it enters each layer: frame, I-field, LM user data, and that behind a control byte.
    private static let inputs = WireExample.all.flatMap { example in
        [0, 2, 4, 5, 6, 11, 14].map { Array(example.frame.dropFirst($0)) }
    }

    @Test("Truncation at every length", arguments: Parser.all)
    func truncation(_ parser: Parser) {
        let cuts = Self.inputs.lazy.flatMap { input in (0...input.count).map { Array(input.prefix($0)) } }
        let unstable = cuts.first { !parser.isStable($0) }
        #expect(unstable == nil, "\(unstable.map { trace($0) } ?? "")")
    }

    @Test("One byte changed", arguments: Parser.all)
    func mutation(_ parser: Parser) {
        var generator = SeededGenerator(seed: 2024)
        for input in Self.inputs where !input.isEmpty {
            let unstable = (0..<20).map { _ in
                var changed = input
                changed[Int.random(in: 0..<input.count, using: &generator)] = generator.bytes(1)[0]
                return changed
            }.first { !parser.isStable($0) }
            #expect(unstable == nil, "seed 2024: \(unstable.map { trace($0) } ?? "")")
        }
    }

    @Test("Random bytes", arguments: Parser.all, 1...4 as ClosedRange<UInt64>)
    func random(_ parser: Parser, _ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let unstable = (0..<1500).map { _ in generator.bytes(Int.random(in: 0...80, using: &generator)) }
            .first { !parser.isStable($0) }
        #expect(unstable == nil, "seed \(seed): \(unstable.map { trace($0) } ?? "")")
    }
}
