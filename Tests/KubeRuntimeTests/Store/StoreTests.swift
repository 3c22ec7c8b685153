// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Testing

struct StoreTests {
    private static let byColor = Index<Widget>("color") { $0.color.isEmpty ? [] : [$0.color] }

    @Test("given objects of the same name in two namespaces, then each is found by its own key")
    func keys() {
        let store = Store<Widget>()
        store.apply(Widget("a", color: "red", namespace: "one"))
        store.apply(Widget("a", color: "blue", namespace: "two"))
        store.apply(Widget("a", color: "green", namespace: nil))
        #expect(store.get("a", namespace: "one")?.color == "red")
        #expect(store[ObjectKey(namespace: "two", name: "a")]?.color == "blue")
        #expect(store.get("a")?.color == "green")
        #expect(store.get("a", namespace: "three") == nil)
        #expect(store.list(namespace: "two").map(\.color) == ["blue"])
        #expect(store.count == 3)
        store.delete(Widget("a", namespace: "one"))
        #expect(store.get("a", namespace: "one") == nil)
        #expect(Set(store.list().map(\.color)) == ["blue", "green"])
    }

    @Test("36: given an index value that changes and goes, then nothing is found under it and no bucket is left")
    func indexCleansUp() {
        let store = Store<Widget>(indexes: [Self.byColor, .namespace])
        store.apply(Widget("a", color: "red"))
        #expect(store.objects(in: "color", value: "red").map(\.metadata.name) == ["a"])
        store.apply(Widget("a", version: 2, color: "blue"))
        #expect(store.objects(in: "color", value: "red").isEmpty)
        #expect(store.keys(in: "color", value: "blue") == [.shop("a")])
        #expect(store.values(of: "color") == ["blue"])
        store.delete(Widget("a", version: 3, color: "blue"))
        #expect(store.values(of: "color").isEmpty)
        #expect(store.values(of: "namespace").isEmpty)
    }

    @Test("36: given an index with several values, then a value that stays keeps the object")
    func severalValues() {
        let store = Store<Widget>(indexes: [Index("letters") { $0.color.map(String.init) }])
        store.apply(Widget("a", color: "xy"))
        store.apply(Widget("a", version: 2, color: "yz"))
        #expect(Set(store.values(of: "letters")) == ["y", "z"])
        #expect(store.keys(in: "letters", value: "y") == [.shop("a")])
    }

    @Test("37: given 10,000 objects, then a late index finds old and new ones, and its name is taken")
    func lateIndex() throws {
        let store = Store<Widget>()
        store.replace((0..<10_000).map { Widget("w\($0)", color: $0 % 2 == 0 ? "red" : "blue") }, resourceVersion: "1")
        try store.addIndex(Self.byColor)
        #expect(store.keys(in: "color", value: "red").count == 5000)
        store.apply(Widget("new", color: "red"))
        #expect(store.keys(in: "color", value: "red").count == 5001)
        let error = #expect(throws: KubeError.self) { try store.addIndex(Self.byColor) }
        #expect(error?.code == .configuration)
        #expect(store.keys(in: "color", value: "red").count == 5001)
    }

    @Test("38: given readers while the content is replaced, then each sees wholly old or wholly new content")
    func replaceIsAtomic() async {
        let store = Store<Widget>(indexes: [Self.byColor])
        func content(_ round: Int) -> [Widget] {
            (0..<50).map { Widget("w\($0)", version: round, color: "c\(round)") }
        }
        store.replace(content(0), resourceVersion: "0")
        await withTaskGroup { group in
            group.addTask {
                for round in 1...200 {
                    store.replace(content(round), resourceVersion: "\(round)")
                    await Task.yield()
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    while store.resourceVersion != "200" {
                        let seen = store.list()
                        #expect(seen.count == 50)
                        #expect(Set(seen.map(\.color)).count == 1)
                        let colors = store.values(of: "color")
                        #expect(colors.count == 1)
                        await Task.yield()
                    }
                }
            }
        }
    }

    @Test("given changes, then the store knows up to which version they are in")
    func resourceVersion() {
        let store = Store<Widget>()
        #expect(store.resourceVersion == "")
        store.replace([Widget("a", version: 3)], resourceVersion: "10")
        #expect(store.resourceVersion == "10")
        store.apply(Widget("b", version: 11))
        #expect(store.resourceVersion == "11")
        store.bookmark(resourceVersion: "20")
        #expect(store.resourceVersion == "20")
        store.delete(Widget("a", version: 21))
        #expect(store.resourceVersion == "21")
    }
}
