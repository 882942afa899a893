/// One object's value in the result of a query.
public struct IASEntry: Sendable, Hashable {
    /// The object.
    public var objectID: UInt16
    /// Its value of the attribute asked for.
    public var value: IASValue

    /// An entry from its parts.
    public init(objectID: UInt16, value: IASValue) {
        self.objectID = objectID
        self.value = value
    }
}

/// The outcome of GetValueByClass (IrLMP 1.1, 4.3.6.4).
public enum IASResult: Sendable, Hashable {
    /// The value of every object of the class that has the attribute.
    case success([IASEntry])
    /// No object has this class.
    case noSuchClass
    /// Objects have the class, but none of them the attribute.
    case noSuchAttribute
    /// Any other return code. FF means unsupported; it also stands for an answer that cannot be read.
    case failed(code: UInt8)
}
