/// The connections of a stack by their numbers.
///
/// What is asked of a connection happens where it lies: a dictionary would move it, which is large, out and in for every frame.
struct ConnectionTable: Sendable {
    /// In the order of the numbers, which only grow.
    private var ids: [IrDAConnectionID] = []
    private var slots: [TransportConnection?] = []

    var values: some Sequence<TransportConnection> { slots.lazy.compactMap { $0 } }

    subscript(id: IrDAConnectionID) -> TransportConnection? {
        get { index(of: id).flatMap { slots[$0] } }
        _modify {
            if let index = index(of: id) {
                yield &slots[index]
                if slots[index] == nil { remove(at: index) }
            } else {
                var connection: TransportConnection?
                yield &connection
                if let connection { insert(connection, as: id) }
            }
        }
    }

    mutating func removeValue(forKey id: IrDAConnectionID) -> TransportConnection? {
        guard let index = index(of: id) else { return nil }
        defer { remove(at: index) }
        return slots[index]
    }

    private func index(of id: IrDAConnectionID) -> Int? {
        let index = place(of: id)
        return index < ids.count && ids[index] == id ? index : nil
    }

    /// The first place whose number is not smaller.
    private func place(of id: IrDAConnectionID) -> Int {
        var range = ids.startIndex..<ids.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = ids[middle] < id ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    private mutating func insert(_ connection: TransportConnection, as id: IrDAConnectionID) {
        let index = place(of: id)
        ids.insert(id, at: index)
        slots.insert(connection, at: index)
    }

    private mutating func remove(at index: Int) {
        ids.remove(at: index)
        slots.remove(at: index)
    }
}
