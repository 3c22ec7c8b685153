// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// The content of a ``Store``, as one moment.
struct StoreState<Object: KubernetesObject>: Sendable {
    private(set) var objects: [ObjectKey: StoredObject<Object>] = [:]
    /// Few, so that they are searched one by one.
    private(set) var indexes: [IndexBuckets<Object>] = []
    /// How far each part of the collection is known; the key is its namespace, nil for all of them.
    private(set) var versions: [String?: String] = [:]

    /// Creates a state whose parts are not known yet.
    init(parts: [String?], indexes: [Index<Object>]) {
        for part in parts { versions[part] = "" }
        for index in indexes {
            precondition(self.index(index.name) == nil, "two indexes have the name \(index.name)")
            self.indexes.append(IndexBuckets(index))
        }
    }

    func index(_ name: String) -> IndexBuckets<Object>? { indexes.first { $0.index.name == name } }

    /// Adds an index over what is there; false if its name is taken.
    mutating func add(_ index: Index<Object>) -> Bool {
        guard self.index(index.name) == nil else { return false }
        var buckets = IndexBuckets(index)
        for (key, stored) in objects { buckets.update(key, old: nil, new: stored.object) }
        indexes.append(buckets)
        return true
    }

    /// The version up to which everything is known: that of the part that is furthest behind.
    ///
    /// Empty if a part is not known, or if the versions of several parts cannot be compared.
    var resourceVersion: String {
        guard versions.count > 1 else { return versions.first?.value ?? "" }
        let ordered = versions.values.compactMap { version in ResourceVersion(version).map { ($0, version) } }
        guard ordered.count == versions.count else { return "" }
        return ordered.min { $0.0 < $1.0 }?.1 ?? ""
    }

    /// How far the part that the namespace belongs to is known.
    func version(of namespace: String?) -> String { versions[namespace] ?? versions[nil] ?? "" }

    mutating func advance(_ namespace: String?, to version: String?) {
        guard let version, !version.isEmpty else { return }
        let part = part(of: namespace)
        // Only a list may go back, as after the restoration of a backup.
        if let known = ResourceVersion(versions[part] ?? ""), let new = ResourceVersion(version), new < known { return }
        versions[part] = version
    }

    /// The part that a namespace belongs to; a store of everything has only one.
    private func part(of namespace: String?) -> String? { versions[namespace] == nil ? nil : namespace }

    mutating func set(_ key: ObjectKey, to new: StoredObject<Object>?) -> StoredObject<Object>? {
        let old = objects[key]
        objects[key] = new
        updateIndexes(key, old: old, new: new)
        return old
    }

    /// Puts the content in the place of a part of the collection, or of all of it.
    mutating func replace(
        part: String?,
        with content: [ObjectKey: StoredObject<Object>],
        resourceVersion: String
    ) -> [StoreChange<Object>] {
        var changes: [StoreChange<Object>] = []
        // What is gone goes first, so that nobody sees two owners of something that can have one.
        for (key, old) in objects where content[key] == nil && (part == nil || key.namespace == part) {
            changes.append(StoreChange(key: key, old: old, new: nil, isFinalStateUnknown: true))
        }
        for (key, new) in content {
            let old = objects[key]
            // An unchanged object stays where it is: nobody has to hear of it.
            if let old, old === new || old.isSameVersion(as: new.object) { continue }
            changes.append(StoreChange(key: key, old: old, new: new))
        }
        for change in changes {
            objects[change.key] = change.new
            updateIndexes(change.key, old: change.old, new: change.new)
        }
        // A dictionary never shrinks by itself.
        if objects.capacity > 1024, objects.count < objects.capacity / 4 {
            objects = Dictionary(uniqueKeysWithValues: objects.lazy.map { ($0.key, $0.value) })
        }
        versions[self.part(of: part)] = resourceVersion
        return changes
    }

    private mutating func updateIndexes(
        _ key: ObjectKey,
        old: StoredObject<Object>?,
        new: StoredObject<Object>?
    ) {
        for position in indexes.indices {
            indexes[position].update(key, old: old?.object, new: new?.object)
        }
    }
}
