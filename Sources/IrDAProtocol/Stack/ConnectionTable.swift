/// The connections of a stack by their numbers.
///
/// What goes on in a transfer happens where a connection lies (`change`); a dictionary would take memory for every frame.
struct ConnectionTable: Sendable {
    /// In the order of the numbers, which only grow.
    private var ids: [IrDAConnectionID] = []
    private var connections: [TransportConnection] = []

    var values: some Sequence<TransportConnection> { connections }

    subscript(id: IrDAConnectionID) -> TransportConnection? {
        get { index(of: id).map { connections[$0] } }
        _modify {
            // Taken out, so that no second copy of its queues makes every change a copy of all of them.
            var connection = removeValue(forKey: id)
            defer { if let connection { insert(connection, as: id) } }
            yield &connection
        }
    }

    /// Changes a connection where it lies.
    ///
    /// - Returns: what the change gives; nil if there is no such connection.
    @discardableResult
    mutating func change<Result, Failure: Error>(
        _ id: IrDAConnectionID, _ body: (inout TransportConnection) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let index = index(of: id) else { return nil }
        return try body(&connections[index])
    }

    mutating func removeValue(forKey id: IrDAConnectionID) -> TransportConnection? {
        guard let index = index(of: id) else { return nil }
        ids.remove(at: index)
        return connections.remove(at: index)
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
        connections.insert(connection, at: index)
    }
}
