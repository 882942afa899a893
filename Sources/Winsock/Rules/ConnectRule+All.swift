extension ConnectRule {
    /// Every rule, in order. The test suite checks that each file that a rule names exists and names the rule.
    public static let all: [ConnectRule] = call + attempts + peers + infrared
}
