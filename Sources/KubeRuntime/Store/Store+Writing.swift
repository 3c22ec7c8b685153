// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Synchronization

// An informer's store is written by the informer. These are for stores of one's own, as in tests of a reconciler.
extension Store {
    /// Makes the objects the whole content of the store.
    ///
    /// Readers see the old or the new content, never a mix.
    public func replace(_ objects: [Object], resourceVersion: String) {
        var replacement = StoreReplacement<Object>()
        for object in objects {
            let key = ObjectKey(object)
            replacement.insert(stored(object, at: key) ?? StoredObject(object), at: key)
        }
        _ = replaceReturningChanges(replacement, part: nil, resourceVersion: resourceVersion)
    }

    /// Adds the object, or puts it in the place of the one with its name.
    public func apply(_ object: Object) { _ = applyReturningChange(object) }

    /// Removes the object with the name of this one.
    public func delete(_ object: Object) { _ = deleteReturningChange(object) }

    /// Notes that nothing else happened up to a version.
    public func bookmark(resourceVersion: String) { bookmark(part: nil, resourceVersion: resourceVersion) }

    func bookmark(part: String?, resourceVersion: String) {
        write { $0.advance(part, to: resourceVersion) }
    }

    func replaceReturningChanges(
        _ replacement: StoreReplacement<Object>,
        part: String?,
        resourceVersion: String
    ) -> [StoreChange<Object>] {
        write { $0.replace(part: part, with: replacement.content, resourceVersion: resourceVersion) }
    }

    /// Adds or replaces an object; nil if just this version of it is there already.
    ///
    /// An event may come twice; to those who hear of changes, that is none.
    func applyReturningChange(_ object: Object) -> StoreChange<Object>? {
        let key = ObjectKey(object)
        let new = StoredObject(object)
        let version = object.metadata.resourceVersion
        let old = write { state in
            state.advance(key.namespace, to: version)
            return state.set(key, to: new)
        }
        if let old, old.isSameVersion(as: object) { return nil }
        return StoreChange(key: key, old: old, new: new)
    }

    /// Removes an object; nil if it was not there.
    func deleteReturningChange(_ object: Object) -> StoreChange<Object>? {
        let key = ObjectKey(object)
        let version = object.metadata.resourceVersion
        let old = write { state in
            state.advance(key.namespace, to: version)
            return state.set(key, to: nil)
        }
        guard let old else { return nil }
        return StoreChange(key: key, old: old, new: nil, lastState: StoredObject(object))
    }

    /// Changes the content, then lets those go on who have waited for that.
    private func write<Value: Sendable>(_ body: (inout StoreState<Object>) -> Value) -> Value {
        let (value, satisfied) = state.withLock { state in
            let value = body(&state.content)
            return (value, state.waiters.takeSatisfied(by: state.content))
        }
        for waiter in satisfied { waiter.resume(returning: true) }
        return value
    }
}
