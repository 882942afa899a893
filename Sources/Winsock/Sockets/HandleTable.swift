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
///
/// The place of an object is the handle's own number modulo the number of places, and a handle whose place is taken is left out. So nothing is
/// ever searched for; every call of a program begins here.
struct HandleTable<Handle: TableHandle, Object: Sendable>: Sendable {
    private static var step: UInt { 4 }

    private struct Entry: Sendable {
        let handle: Handle
        var object: Object
    }

    /// A power of two, and at most half of them taken.
    private var places: [Entry?] = Array(repeating: nil, count: 16)
    private var count = 0
    private var previous = Handle.range.lowerBound

    /// Goes on counting after this handle.
    mutating func skip(to handle: UInt) {
        previous = handle
    }

    /// Puts an object in, under a handle that is free.
    mutating func insert(_ object: Object) -> Handle {
        if count * 2 >= places.count { makeRoom() }
        var handle: Handle
        repeat {
            let isLast = previous >= Handle.range.upperBound
            previous = (isLast ? Handle.range.lowerBound : previous) + Self.step
            handle = Handle(rawValue: previous)
        } while places[place(of: handle)] != nil
        places[place(of: handle)] = Entry(handle: handle, object: object)
        count += 1
        return handle
    }

    /// The object under a handle; what is not in the table cannot be set.
    subscript(handle: Handle) -> Object? {
        get {
            let entry = places[place(of: handle)]
            return entry?.handle == handle ? entry?.object : nil
        }
        set {
            let place = place(of: handle)
            guard let newValue, places[place]?.handle == handle else { return }
            places[place]?.object = newValue
        }
    }

    mutating func remove(_ handle: Handle) -> Object? {
        let place = place(of: handle)
        guard let entry = places[place], entry.handle == handle else { return nil }
        places[place] = nil
        count -= 1
        return entry.object
    }

    mutating func removeAll() -> [Object] {
        defer {
            places = Array(repeating: nil, count: 16)
            count = 0
        }
        return places.compactMap { $0?.object }
    }

    private func place(of handle: Handle) -> Int {
        Int((handle.rawValue / Self.step) & UInt(places.count - 1))
    }

    /// Twice as many places. What had different places before has different ones after.
    private mutating func makeRoom() {
        let entries = places.compactMap { $0 }
        places = Array(repeating: nil, count: places.count * 2)
        for entry in entries { places[place(of: entry.handle)] = entry }
    }
}
