// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
public import KubeClient
import Synchronization

/// The objects of one kind, as far as they are known: what an ``Informer`` keeps and everybody reads.
///
/// Reading never waits for an API server, and each read sees one moment: all of a list or nothing of it. What is read
/// may be a little old; what is written to the API server appears here once the watch has brought it, which
/// ``waitUntil(resourceVersion:of:timeout:clock:)`` waits for.
public final class Store<Object: KubernetesObject>: Sendable {
    struct Locked {
        var content: StoreState<Object>
        var waiters = StoreWaiters<Object>()
    }

    let state: Mutex<Locked>

    /// Creates an empty store.
    /// - Parameter indexes: the ways to find objects; each has a name of its own.
    public convenience init(indexes: [Index<Object>] = []) { self.init(parts: [nil], indexes: indexes) }

    /// Creates an empty store of a collection that becomes known namespace by namespace.
    init(parts: [String?], indexes: [Index<Object>]) {
        state = Mutex(Locked(content: StoreState(parts: parts, indexes: indexes)))
    }

    /// Reads the content of one moment.
    private func read<Value>(_ body: (StoreState<Object>) -> sending Value) -> Value {
        state.withLock { body($0.content) }
    }

    /// The object of that name; nil if there is none.
    public subscript(key: ObjectKey) -> Object? { read { $0.objects[key] }?.object }

    /// The object of that name; nil if there is none.
    public func get(_ name: String, namespace: String? = nil) -> Object? {
        self[ObjectKey(namespace: namespace, name: name)]
    }

    /// All objects, or those of a namespace, in no particular order.
    ///
    /// To look at a namespace often, add ``Index/namespace`` and use ``objects(in:value:)``.
    public func list(namespace: String? = nil) -> [Object] {
        // Only references are taken under the lock.
        let objects = read { Array($0.objects.values) }
        guard let namespace else { return objects.map(\.object) }
        return objects.lazy.map(\.object).filter { $0.metadata.namespace == namespace }
    }

    /// The names of all objects, in no particular order.
    public var keys: [ObjectKey] { read { Array($0.objects.keys) } }

    /// How many objects there are.
    public var count: Int { read { $0.objects.count } }

    /// The version of the collection up to which changes are in; empty before the first list.
    ///
    /// Bookmarks move it too. Of a collection that is followed namespace by namespace, it is the version of the
    /// namespace that is furthest behind; empty if the server's versions cannot be compared.
    public var resourceVersion: String { read { $0.resourceVersion } }

    /// The objects that an index finds under a value, in no particular order; none if there is no such index.
    public func objects(in index: String, value: String) -> [Object] {
        let objects = read { state in
            (state.index(index)?.buckets[value] ?? []).compactMap { state.objects[$0] }
        }
        return objects.map(\.object)
    }

    /// The names of the objects that an index finds under a value; none if there is no such index.
    public func keys(in index: String, value: String) -> Set<ObjectKey> {
        read { $0.index(index)?.buckets[value] ?? [] }
    }

    /// The values under which an index finds anything, in no particular order.
    public func values(of index: String) -> [String] {
        read { state in (state.index(index)?.buckets.keys).map { Array($0) } ?? [] }
    }

    /// Adds an index, also over the objects that are already there.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/configuration`` if there is one of that name.
    public func addIndex(_ index: Index<Object>) throws(KubeError) {
        let isNew = state.withLock { $0.content.add(index) }
        if !isNew { throw KubeError(code: .configuration, message: "there already is an index '\(index.name)'") }
    }

    /// All that is there now.
    func snapshot() -> [ObjectKey: StoredObject<Object>] { read { $0.objects } }

    /// All that is there now, and the version up to which it is known.
    func snapshotWithVersion() -> (objects: [ObjectKey: StoredObject<Object>], resourceVersion: String) {
        read { ($0.objects, $0.resourceVersion) }
    }

    /// The object as the store holds it; nil if it is another one, or another version of it.
    func stored(_ object: Object, at key: ObjectKey) -> StoredObject<Object>? {
        guard let stored = read({ $0.objects[key] }), stored.isSameVersion(as: object) else { return nil }
        return stored
    }

    /// The object as the store holds it, of whatever version.
    func stored(at key: ObjectKey) -> StoredObject<Object>? { read { $0.objects[key] } }
}
