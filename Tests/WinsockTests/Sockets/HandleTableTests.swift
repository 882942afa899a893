import TestSupport
import Testing

@testable import Winsock

@Suite("Handles")
struct HandleTableTests {
    @Test("D21: handles are far above descriptors, fit a positive int, and do not come back soon")
    func handles() {
        var table = HandleTable<SocketHandle, Int>()
        var seen: Set<SocketHandle> = []
        for number in 0..<10_000 {
            let handle = table.insert(number)
            #expect(handle.rawValue > 0x4000_0000)
            #expect(handle.rawValue < 0x8000_0000)
            let isNew = seen.insert(handle).inserted
            #expect(isNew)
            #expect(table[handle] == number)
            let removed = [table.remove(handle), table.remove(handle)]
            #expect(removed == [number, nil])
            #expect(table[handle] == nil)
        }
    }

    @Test("after the last handle the first ones come again, but not those that are open")
    func wrapping() {
        var table = HandleTable<SocketHandle, String>()
        let open = table.insert("open")
        #expect(open.rawValue == 0x4000_0004)
        table.skip(to: 0x7FFF_FFF8)
        let last = table.insert("last")
        #expect(last.rawValue == 0x7FFF_FFFC)
        let next = table.insert("next")
        #expect(next.rawValue == 0x4000_0008)
        #expect([table[open], table[last], table[next]] == ["open", "last", "next"])
    }

    @Test("objects that come and go at random are found as in a dictionary", arguments: 1...5 as ClosedRange<UInt64>)
    func random(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var table = HandleTable<SocketHandle, Int>()
        var model: [SocketHandle: Int] = [:]
        table.skip(to: 0x7FFF_FFFC - 4 * 500)  // half-way the handles begin anew
        for number in 0..<2000 {
            let goesAway = !model.isEmpty && Int.random(in: 0..<5, using: &generator) < (number < 1000 ? 1 : 3)
            if goesAway,
                let handle = model.keys.sorted(by: { $0.rawValue < $1.rawValue }).randomElement(using: &generator)
            {
                let removed = table.remove(handle)
                try #require(removed == model.removeValue(forKey: handle), "seed \(seed)")
            } else {
                let handle = table.insert(number)
                try #require(model.updateValue(number, forKey: handle) == nil, "seed \(seed)")
            }
            let strangers = [handle(number), SocketHandle.invalid, SocketHandle(rawValue: 0)]
            for handle in Array(model.keys.prefix(3)) + strangers {
                try #require(table[handle] == model[handle], "seed \(seed)")
            }
        }
        for (handle, number) in model { #expect(table[handle] == number) }
        #expect(table.removeAll().sorted() == model.values.sorted())
    }

    /// A number that may be a handle or not.
    private func handle(_ number: Int) -> SocketHandle { SocketHandle(rawValue: 0x7FFF_FF00 &+ UInt(number)) }

    @Test("emptying the table gives everything back")
    func removeAll() {
        var table = HandleTable<SocketHandle, Int>()
        let handles = (0..<5).map { table.insert($0) }
        let removed = table.removeAll()
        #expect(removed.sorted() == [0, 1, 2, 3, 4])
        #expect(handles.allSatisfy { table[$0] == nil })
    }

    @Test("a handle prints as people know it")
    func description() {
        #expect(SocketHandle(rawValue: 0x4000_0004).description == "socket 0x40000004")
        #expect(SocketHandle.invalid.rawValue == UInt.max)
    }
}
