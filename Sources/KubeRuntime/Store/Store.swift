// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
public import KubeClient
import Synchronization

/// The objects of one kind, as far as they are known: what an ``Informer`` keeps and everybody reads.
///
/// Reading never waits for an API server, and each read sees one moment: all of a list or nothing of it. What is read
/// may be a little old; what is written to the API server appears here once the watch has brought it.
public final class Store<Object: KubernetesObject>: Sendable {
    private struct State {
        var objects: [ObjectKey: StoredObject<Object>] = [:]
        /// Few, so that they are searched one by one.
        var indexes: [IndexBuckets<Object>] = []
        var resourceVersion = ""

        func index(_ name: String) -> IndexBuckets<Object>? { indexes.first { $0.index.name == name } }

        mutating func updateIndexes(_ key: ObjectKey, old: StoredObject<Object>?, new: StoredObject<Object>?) {
            for position in indexes.indices {
                indexes[position].update(key, old: old?.object, new: new?.object)
            }
        }
    }

    private let state: Mutex<State>

    /// Creates an empty store.
    /// - Parameter indexes: the ways to find objects; each has a name of its own.
    public init(indexes: [Index<Object>] = []) {
        var state = State()
        for index in indexes {
            precondition(state.index(index.name) == nil, "two indexes have the name \(index.name)")
            state.indexes.append(IndexBuckets(index))
        }
        self.state = Mutex(state)
    }

    // MARK: Reading

    /// The object of that name; nil if there is none.
    public subscript(key: ObjectKey) -> Object? { state.withLock { $0.objects[key] }?.object }

    /// The object of that name; nil if there is none.
    public func get(_ name: String, namespace: String? = nil) -> Object? {
        self[ObjectKey(namespace: namespace, name: name)]
    }

    /// All objects, or those of a namespace, in no particular order.
    ///
    /// To look at a namespace often, add ``Index/namespace`` and use ``objects(in:value:)``.
    public func list(namespace: String? = nil) -> [Object] {
        // Only references are taken under the lock.
        let objects = state.withLock { Array($0.objects.values) }
        guard let namespace else { return objects.map(\.object) }
        return objects.lazy.map(\.object).filter { $0.metadata.namespace == namespace }
    }

    /// The names of all objects, in no particular order.
    public var keys: [ObjectKey] { state.withLock { Array($0.objects.keys) } }

    /// How many objects there are.
    public var count: Int { state.withLock { $0.objects.count } }

    /// The version of the collection up to which changes are in; empty before the first list.
    public var resourceVersion: String { state.withLock { $0.resourceVersion } }

    /// The objects that an index finds under a value, in no particular order; none if there is no such index.
    public func objects(in index: String, value: String) -> [Object] {
        let objects = state.withLock { state in
            (state.index(index)?.buckets[value] ?? []).compactMap { state.objects[$0] }
        }
        return objects.map(\.object)
    }

    /// The names of the objects that an index finds under a value; none if there is no such index.
    public func keys(in index: String, value: String) -> Set<ObjectKey> {
        state.withLock { $0.index(index)?.buckets[value] ?? [] }
    }

    /// The values under which an index finds anything, in no particular order.
    public func values(of index: String) -> [String] {
        state.withLock { state in (state.index(index)?.buckets.keys).map { Array($0) } ?? [] }
    }

    /// Adds an index, also over the objects that are already there.
    /// - Throws: ``KubeError`` with ``KubeError/Code/configuration`` if there is one of that name.
    public func addIndex(_ index: Index<Object>) throws(KubeError) {
        let isNew = state.withLock { state in
            guard state.index(index.name) == nil else { return false }
            var buckets = IndexBuckets(index)
            for (key, stored) in state.objects { buckets.update(key, old: nil, new: stored.object) }
            state.indexes.append(buckets)
            return true
        }
        if !isNew { throw KubeError(code: .configuration, message: "there already is an index '\(index.name)'") }
    }

    /// All that is there now.
    func snapshot() -> [ObjectKey: StoredObject<Object>] { state.withLock { $0.objects } }

    // MARK: Writing
    // An informer's store is written by the informer. These are for stores of one's own, as in tests of a reconciler.

    /// Makes the objects the whole content of the store.
    ///
    /// Readers see the old or the new content, never a mix.
    public func replace(_ objects: [Object], resourceVersion: String) {
        _ = replaceReturningChanges(objects, resourceVersion: resourceVersion)
    }

    /// Adds the object, or puts it in the place of the one with its name.
    public func apply(_ object: Object) { _ = applyReturningChange(object) }

    /// Removes the object with the name of this one.
    public func delete(_ object: Object) { _ = deleteReturningChange(object) }

    /// Notes that nothing else happened up to a version.
    public func bookmark(resourceVersion: String) { state.withLock { $0.resourceVersion = resourceVersion } }

    func replaceReturningChanges(_ objects: [Object], resourceVersion: String) -> [StoreChange<Object>] {
        state.withLock { state in
            var content = [ObjectKey: StoredObject<Object>](minimumCapacity: objects.count)
            var changes: [StoreChange<Object>] = []
            for object in objects {
                let key = ObjectKey(object)
                // A server does not name an object twice; were it to, one of them counts.
                guard content[key] == nil else { continue }
                let old = state.objects[key]
                // An unchanged object stays where it is: nobody has to hear of it, and the copy can go at once.
                if let old, old.isSameVersion(as: object) {
                    content[key] = old
                    continue
                }
                let new = StoredObject(object)
                content[key] = new
                changes.append(StoreChange(key: key, old: old, new: new))
            }
            var deletions: [StoreChange<Object>] = []
            for (key, old) in state.objects where content[key] == nil {
                deletions.append(StoreChange(key: key, old: old, new: nil, isFinalStateUnknown: true))
            }
            // What is gone goes first, so that nobody sees two owners of something that can have one.
            changes = deletions + changes
            state.objects = content
            state.resourceVersion = resourceVersion
            for change in changes { state.updateIndexes(change.key, old: change.old, new: change.new) }
            return changes
        }
    }

    func applyReturningChange(_ object: Object) -> StoreChange<Object> {
        let key = ObjectKey(object)
        let new = StoredObject(object)
        let old = state.withLock { state in
            let old = state.objects.updateValue(new, forKey: key)
            state.updateIndexes(key, old: old, new: new)
            if let version = object.metadata.resourceVersion { state.resourceVersion = version }
            return old
        }
        return StoreChange(key: key, old: old, new: new)
    }

    /// Removes an object; nil if it was not there.
    func deleteReturningChange(_ object: Object) -> StoreChange<Object>? {
        let key = ObjectKey(object)
        let old = state.withLock { state in
            let old = state.objects.removeValue(forKey: key)
            if let old { state.updateIndexes(key, old: old, new: nil) }
            if let version = object.metadata.resourceVersion { state.resourceVersion = version }
            return old
        }
        guard let old else { return nil }
        return StoreChange(key: key, old: old, new: nil, lastState: StoredObject(object))
    }
}
