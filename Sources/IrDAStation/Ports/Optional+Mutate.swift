extension Optional {
    /// Changes the value, if there is one.
    mutating func mutate<Result>(_ body: (inout Wrapped) -> Result) -> Result? {
        guard var value = self else { return nil }
        self = nil  // One owner at a time, so that nothing is copied.
        defer { self = value }
        return body(&value)
    }
}
