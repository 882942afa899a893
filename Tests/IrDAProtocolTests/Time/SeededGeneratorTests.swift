import Testing

@testable import IrDAProtocol

@Suite struct SeededGeneratorTests {
    @Test("The sequence is that of SplitMix64")
    func knownSequence() {
        // The reference values of the published algorithm for the seed 1234567.
        var generator = SeededGenerator(seed: 1_234_567)
        #expect(
            (0..<5).map { _ in generator.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("Equal seeds give equal sequences, others do not")
    func seeds() {
        func first(_ seed: UInt64) -> [UInt64] {
            var generator = SeededGenerator(seed: seed)
            return (0..<8).map { _ in generator.next() }
        }
        #expect(first(0) == first(0))
        #expect(Set((0..<100).map(first)).count == 100)
    }
}
