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
