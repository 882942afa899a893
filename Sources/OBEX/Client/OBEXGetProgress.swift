/// How far a GET has come (OBEX 1.3, 3.3.4).
struct OBEXGetProgress: Sendable {
    /// The headers that have not gone yet.
    private var headers: ArraySlice<OBEXHeader>
    private var emptyResponses = 0

    private static let mostEmptyResponses = 100

    init(headers: OBEXHeaders) {
        self.headers = headers.all[...]
    }

    /// The next packet: further headers of the request, or nothing but "go on".
    mutating func next(room: Int) -> (headers: OBEXHeaders, isFinal: Bool) {
        let (fitting, _) = headers.fitting(room)
        headers = headers.dropFirst(fitting.count)
        return (OBEXHeaders(Array(fitting)), isFinal: headers.isEmpty)
    }

    /// Whether a server that says "go on" is still believed to come to an end.
    mutating func isPatient(with response: OBEXHeaders) -> Bool {
        emptyResponses = response.body?.isEmpty == false ? 0 : emptyResponses + 1
        return emptyResponses <= Self.mostEmptyResponses
    }
}
