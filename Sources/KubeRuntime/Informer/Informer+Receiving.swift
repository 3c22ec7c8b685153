// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import Logging
import Synchronization

/// What an informer does with the events of its reflectors.
extension Informer {
    func receive(_ event: ReflectorEvent<Object>, from part: InformerPart<Object>) {
        switch event {
        case .listing: part.restart()
        case .listed(let object): insert(object, into: part)
        case .unlisted(let object): part.remove(ObjectKey(object))
        case .replaced(let resourceVersion): replace(part, resourceVersion)
        case .applied(var object):
            do { try transform?(&object) } catch { return log(error, on: ObjectKey(object)) }
            tell { [store] in store.applyReturningChange(object).map { [$0] } ?? [] }
        case .deleted(let object):
            tell { [store] in store.deleteReturningChange(object).map { [$0] } ?? [] }
        case .bookmark(let resourceVersion):
            store.bookmark(part: part.namespace, resourceVersion: resourceVersion)
        }
    }

    private func insert(_ object: Object, into part: InformerPart<Object>) {
        var object = object
        let key = ObjectKey(object)
        // Without a name it could only take the place of another one without.
        guard !key.name.isEmpty else {
            logger.error("a list has an object without a name, which is left out", metadata: ["kind": "\(Object.self)"])
            return
        }
        // What has not changed has been transformed before, and need not be in memory twice.
        if let stored = store.stored(object, at: key) { return part.insert(stored, at: key) }
        do {
            try transform?(&object)
            part.insert(StoredObject(object), at: key)
        } catch {
            log(error, on: key)
            // It exists, so it must not look deleted.
            if let stored = store.stored(at: key) { part.insert(stored, at: key) }
        }
    }

    private func replace(_ part: InformerPart<Object>, _ resourceVersion: String) {
        var count = 0
        tell(completing: part) { [store] in
            let replacement = part.take()
            count = replacement.content.count
            return store.replaceReturningChanges(
                replacement,
                part: part.namespace,
                resourceVersion: resourceVersion
            )
        }
        afterReplace(count)
    }

    /// Changes the store and notes that for every handler.
    private func tell(
        completing part: InformerPart<Object>? = nil,
        _ change: () -> some Sequence<StoreChange<Object>>
    ) {
        let (wakeups, isSynced) = state.withLock { state in
            let changes = change()
            let isInitial = part.map { state.missingParts.remove($0.namespace) != nil } ?? false
            let endsInitialList = isInitial && state.hasSynced
            let wakeups = state.handlers.map { handler in
                handler.record(changes, initial: isInitial, endsInitialList: endsInitialList)
            }
            return (wakeups, endsInitialList)
        }
        if isSynced { synced.open() }
        for wakeup in wakeups { wakeup() }
    }

    private func log(_ error: any Error, on key: ObjectKey) {
        logger.error(
            "an object could not be transformed and is left as it was",
            metadata: ["kind": "\(Object.self)", "object": "\(key)", "error": "\(error)"]
        )
    }
}
