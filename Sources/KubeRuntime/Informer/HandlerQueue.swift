// SPDX-License-Identifier: Apache-2.0
import DequeModule
import KubeAPI

/// The changes that one handler has yet to hear of, one entry for each object.
///
/// An entry holds what the handler knows and what is true now; everything in between is left out. So a handler that
/// is slow, or stuck, costs no more than one entry for each object that exists or that it knows of.
struct HandlerQueue<Object: KubernetesObject>: Sendable {
    /// What to tell the handler about one object.
    struct Delivery: Sendable {
        var key: ObjectKey
        /// One event, or two if another object has taken the name.
        var events: [InformerEvent<Object>]
        var isInitial: Bool
    }

    private struct Pending {
        /// What the handler knows; nil if it knows of no such object.
        var known: StoredObject<Object>?
        /// What is true now; nil if there is no such object.
        var current: StoredObject<Object>?
        /// The last state of the deleted object.
        var lastState: StoredObject<Object>?
        var isFinalStateUnknown = false
        var isInitial: Bool
        var ticket: UInt64
    }

    private struct Place {
        var key: ObjectKey
        var ticket: UInt64
    }

    private var pending: [ObjectKey: Pending] = [:]
    private var places = Deque<Place>()
    private var lastTicket: UInt64 = 0
    /// How many objects of the initial list the handler has not dealt with.
    private var initialCount = 0
    private var hasInitialList = false

    /// Whether the handler has dealt with all objects of its initial list.
    var hasSynced: Bool { hasInitialList && initialCount == 0 }
    /// How many objects the handler has yet to hear of.
    var count: Int { pending.count }
    /// How much memory the line takes, in places.
    var placeCount: Int { places.count }

    var isEmpty: Bool { pending.isEmpty }

    /// Says that all objects of the initial list have been recorded.
    mutating func endInitialList() { hasInitialList = true }

    mutating func record(_ change: StoreChange<Object>, isInitial: Bool) {
        guard var entry = pending[change.key] else {
            lastTicket += 1
            pending[change.key] = Pending(
                known: change.old,
                current: change.new,
                lastState: change.lastState,
                isFinalStateUnknown: change.isFinalStateUnknown,
                isInitial: isInitial,
                ticket: lastTicket
            )
            places.append(Place(key: change.key, ticket: lastTicket))
            if isInitial { initialCount += 1 }
            return
        }
        entry.current = change.new
        if change.new == nil {
            // The last state must be that of the object which the handler knows, not of a later one.
            let knownUID = entry.known?.object.metadata.uid
            if let last = change.lastState ?? change.old, last.object.metadata.uid == knownUID {
                entry.lastState = last
                entry.isFinalStateUnknown = change.isFinalStateUnknown
            }
        }
        if entry.known == nil, entry.current == nil {
            // It came and went unnoticed.
            pending[change.key] = nil
            if entry.isInitial { initialCount -= 1 }
            removeStalePlaces()
        } else {
            pending[change.key] = entry
        }
    }

    /// Tells the handler again of an object that has not changed, unless it has yet to hear of it anyway.
    mutating func resync(_ object: StoredObject<Object>, at key: ObjectKey) {
        guard pending[key] == nil else { return }
        record(StoreChange(key: key, old: object, new: object), isInitial: false)
    }

    /// Takes what the handler has waited for longest.
    ///
    /// Call ``delivered(_:)`` afterwards.
    mutating func next() -> Delivery? {
        while let place = places.popFirst() {
            guard let entry = pending[place.key], entry.ticket == place.ticket else { continue }
            pending[place.key] = nil
            return Delivery(key: place.key, events: Self.events(for: entry), isInitial: entry.isInitial)
        }
        return nil
    }

    mutating func delivered(_ delivery: Delivery) {
        if delivery.isInitial { initialCount -= 1 }
    }

    private static func events(for entry: Pending) -> [InformerEvent<Object>] {
        switch (entry.known, entry.current) {
        case (nil, nil): []
        case (nil, let current?): [.added(current.object, isInInitialList: entry.isInitial)]
        case (_?, nil): [deletion(of: entry)].compactMap(\.self)
        case (let known?, let current?) where known.object.metadata.uid == current.object.metadata.uid:
            [.updated(old: known.object, new: current.object)]
        case (_?, let current?):
            // Another object has taken the name: what belonged to the first does not belong to it.
            [deletion(of: entry), .added(current.object, isInInitialList: false)].compactMap(\.self)
        }
    }

    private static func deletion(of entry: Pending) -> InformerEvent<Object>? {
        guard let known = entry.known else { return nil }
        // Without a deletion that was seen, all that is known is what the handler knows itself.
        guard let last = entry.lastState else { return .deleted(known.object, isFinalStateUnknown: true) }
        return .deleted(last.object, isFinalStateUnknown: entry.isFinalStateUnknown)
    }

    private mutating func removeStalePlaces() {
        guard places.count > 64, places.count > 2 * pending.count else { return }
        places = Deque(places.filter { pending[$0.key]?.ticket == $0.ticket })
    }
}
