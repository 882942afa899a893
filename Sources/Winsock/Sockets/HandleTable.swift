/// A handle that a table gives out.
protocol TableHandle: RawRepresentable, Hashable, Sendable where RawValue == UInt {
    init(rawValue: UInt)
    /// Between these the handles count; handles of different kinds have different ranges, so that one is never taken for the other.
    static var range: ClosedRange<UInt> { get }
}

extension SocketHandle: TableHandle {
    static let range: ClosedRange<UInt> = 0x4000_0000...0x7FFF_FFFC
}

/// The open objects of a runtime by their handles.
///
/// Handles count upwards from far above any descriptor, so that one is never taken for the other, and a closed one comes back only after
/// hundreds of millions of others (decision D21). They fit a positive 32-bit integer, because programs put them into one.
struct HandleTable<Handle: TableHandle, Object: Sendable>: Sendable {
    private static var step: UInt { 4 }

    private var objects: [Handle: Object] = [:]
    private var previous = Handle.range.lowerBound

    /// Goes on counting after this handle.
    mutating func skip(to handle: UInt) {
        previous = handle
    }

    /// Puts an object in, under a handle that is free.
    mutating func insert(_ object: Object) -> Handle {
        repeat {
            let isLast = previous >= Handle.range.upperBound
            previous = (isLast ? Handle.range.lowerBound : previous) + Self.step
        } while objects[Handle(rawValue: previous)] != nil
        let handle = Handle(rawValue: previous)
        objects[handle] = object
        return handle
    }

    /// The object under a handle; what is not in the table cannot be set.
    subscript(handle: Handle) -> Object? {
        get { objects[handle] }
        set { if objects[handle] != nil { objects[handle] = newValue } }
    }

    mutating func remove(_ handle: Handle) -> Object? {
        objects.removeValue(forKey: handle)
    }

    mutating func removeAll() -> [Object] {
        defer { objects = [:] }
        return Array(objects.values)
    }
}
