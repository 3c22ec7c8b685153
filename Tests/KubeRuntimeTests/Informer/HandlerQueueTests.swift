// SPDX-License-Identifier: Apache-2.0
import KubeTesting
import Testing

@testable import KubeRuntime

struct HandlerQueueTests {
    private var queue = HandlerQueue<Widget>()

    private mutating func change(_ old: Widget?, _ new: Widget?, last: Widget? = nil, initial: Bool = false) {
        guard let widget = new ?? old else { return }
        let change = StoreChange(
            key: ObjectKey(widget),
            old: old.map { StoredObject($0) },
            new: new.map { StoredObject($0) },
            lastState: last.map { StoredObject($0) },
            isFinalStateUnknown: new == nil && last == nil
        )
        queue.record(change, isInitial: initial)
    }

    private mutating func next() -> [String] {
        guard let delivery = queue.next() else { return [] }
        queue.delivered(delivery)
        return delivery.events.map { event in
            switch event {
            case .added(let object, let initial): "added \(object.color)\(initial ? " initially" : "")"
            case .updated(let old, let new): "updated \(old.color) to \(new.color)"
            case .deleted(let object, let unknown): "deleted \(object.color)\(unknown ? " unseen" : "")"
            }
        }
    }

    @Test("61: given several changes of one object, then the handler hears once, of the last state")
    mutating func coalesces() {
        change(nil, Widget("a", color: "1"))
        change(Widget("a", color: "1"), Widget("a", color: "2"))
        #expect(queue.count == 1)
        #expect(next() == ["added 2"])
        change(Widget("a", color: "2"), Widget("a", color: "3"))
        change(Widget("a", color: "3"), Widget("a", color: "4"))
        #expect(next() == ["updated 2 to 4"])
        #expect(next() == [])
    }

    @Test("61: given an object that comes and goes unnoticed, then the handler does not hear of it")
    mutating func comesAndGoes() {
        for _ in 0..<1000 {
            change(nil, Widget("a", color: "1"))
            change(Widget("a", color: "1"), nil, last: Widget("a", color: "1"))
        }
        #expect(queue.isEmpty)
        #expect(queue.placeCount <= 65)
        #expect(next() == [])
    }

    @Test("given an update and a deletion, then the handler hears of the deletion with the last state")
    mutating func updatedAndDeleted() {
        change(Widget("a", color: "1"), Widget("a", color: "2"))
        change(Widget("a", color: "2"), nil, last: Widget("a", color: "3"))
        #expect(next() == ["deleted 3"])
    }

    @Test("29: given an object that is missing from a list, then its deletion says that it was not seen")
    mutating func missing() {
        change(Widget("a", color: "1"), nil)
        #expect(next() == ["deleted 1 unseen"])
    }

    @Test("65: given another object under the same name, then the old one is deleted and the new one added")
    mutating func recreated() {
        change(Widget("a", uid: "u1", color: "1"), Widget("a", uid: "u2", color: "2"))
        #expect(next() == ["deleted 1 unseen", "added 2"])
        change(Widget("a", uid: "u2", color: "2"), nil, last: Widget("a", uid: "u2", color: "2!"))
        change(nil, Widget("a", uid: "u3", color: "3"))
        change(Widget("a", uid: "u3", color: "3"), Widget("a", uid: "u3", color: "4"))
        #expect(next() == ["deleted 2!", "added 4"])
    }

    @Test("65: given that the second object goes too, then the deletion is that of the one the handler knows")
    mutating func recreatedAndDeleted() {
        change(Widget("a", uid: "u1", color: "1"), nil, last: Widget("a", uid: "u1", color: "1!"))
        change(nil, Widget("a", uid: "u2", color: "2"))
        change(Widget("a", uid: "u2", color: "2"), nil, last: Widget("a", uid: "u2", color: "2!"))
        #expect(next() == ["deleted 1!"])
        #expect(next() == [])
    }

    @Test("32: given an initial list, then the handler has synced only after its last object; an empty one at once")
    mutating func synced() {
        change(nil, Widget("a"), initial: true)
        change(nil, Widget("b"), initial: true)
        #expect(!queue.hasSynced)
        queue.endInitialList()
        #expect(!queue.hasSynced)
        #expect(next() == ["added  initially"])
        let last = queue.next()
        #expect(!queue.hasSynced)
        if let last { queue.delivered(last) }
        #expect(queue.hasSynced)

        var empty = HandlerQueue<Widget>()
        #expect(!empty.hasSynced)
        empty.endInitialList()
        #expect(empty.hasSynced)
    }

    @Test("32: given an object of the initial list that goes before the handler hears of it, then it can still sync")
    mutating func syncedWithoutIt() {
        change(nil, Widget("a"), initial: true)
        queue.endInitialList()
        change(Widget("a"), nil, last: Widget("a"))
        #expect(queue.hasSynced)
    }

    @Test("31: given a deletion that the handler has yet to hear of, when everything is told again, then it stays one")
    mutating func resync() {
        let first = StoredObject(Widget("a", color: "1"))
        let second = StoredObject(Widget("b", color: "2"))
        change(Widget("a", color: "1"), nil, last: Widget("a", color: "1!"))
        queue.resync(first, at: .shop("a"))
        queue.resync(second, at: .shop("b"))
        queue.resync(second, at: .shop("b"))
        #expect(queue.count == 2)
        #expect(next() == ["deleted 1!"])
        #expect(next() == ["updated 2 to 2"])
        #expect(next() == [])
    }

    @Test(
        "33: given changes of a, b, a, c, c, then a delivery has one object, in its last state and in the first order"
    )
    mutating func deliveries() {
        change(nil, Widget("a", color: "a1"))
        change(nil, Widget("b", color: "b1"))
        change(Widget("a", color: "a1"), Widget("a", color: "a2"))
        change(nil, Widget("c", color: "c1"))
        change(Widget("c", color: "c1"), Widget("c", color: "c2"))
        #expect(queue.next()?.events.map(\.object.color) == ["a2"])
        // What happens to an object while the handler is at it is another delivery, after those that wait.
        change(Widget("a", color: "a2"), Widget("a", color: "a3"))
        #expect(next() == ["added b1"])
        #expect(next() == ["added c2"])
        #expect(next() == ["updated a2 to a3"])
        #expect(next() == [])
    }

    @Test("61: given 10,000 changes of 50 objects that nobody takes, then what waits is bounded by the objects")
    mutating func bounded() {
        var random = SeededGenerator(seed: 61)
        var present: [Int: Widget] = [:]
        for version in 0..<10_000 {
            let number = Int.random(in: 0..<50, using: &random)
            let new = version % 3 == 0 ? nil : Widget("w\(number)", version: version)
            change(present[number], new, last: new == nil ? present[number] : nil)
            present[number] = new
            #expect(queue.count <= 50 && queue.placeCount <= 150)
        }
    }
}
