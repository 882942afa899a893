extension Duration {
    /// Seconds, as far as a `Double` is exact.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// Seconds with two decimal places.
    var text: String {
        let hundredths = Int((inSeconds * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
