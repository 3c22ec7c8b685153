// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime

/// Checks that what a handler hears can have happened.
///
/// For each name: added comes before updated and deleted; between two objects of a name there is a deletion; the
/// versions of an object only grow, as numbers; what an update says was there before is what was heard last; nothing
/// but added follows deleted. That changes are left out is legal.
struct HistoryChecker: Sendable {
    /// What the handler knows to be there.
    private(set) var present: [ObjectKey: SoakMap] = [:]
    /// What cannot have happened, in words; the first ones only.
    private(set) var violations: [String] = []
    private(set) var eventCount = 0
    /// The last version of each object that there ever was.
    private var versions: [String: UInt64] = [:]

    mutating func record(_ event: InformerEvent<SoakMap>) {
        eventCount += 1
        let key = event.key
        let known = present[key]
        switch event {
        case .added(let object, _):
            if known != nil { report("\(key) was added while it was there", known, object) }
            advance(key, object)
            present[key] = object
        case .updated(let old, let new):
            if known == nil { report("\(key) was updated before it was added", old, new) }
            if let known, known != old { report("\(key): the old object is not the one heard of last", known, old) }
            if old.uid != new.uid { report("\(key): an update to another object", old, new) }
            advance(key, new)
            present[key] = new
        case .deleted(let last, let isFinalStateUnknown):
            if known == nil { report("\(key) was deleted before it was added", nil, last) }
            if let known, known.uid != last.uid { report("\(key): another object was deleted", known, last) }
            if let known, isFinalStateUnknown, known != last, known.version == last.version {
                report("\(key): the last known object is not the one heard of last", known, last)
            }
            if let known = known?.version, let last = last.version, last < known {
                report("\(key): deleted at an older version", present[key], event.object)
            }
            present[key] = nil
        }
    }

    private mutating func advance(_ key: ObjectKey, _ object: SoakMap) {
        guard let version = object.version, !object.uid.isEmpty else {
            return report("\(key) has no UID, or a version that is no number", nil, object)
        }
        if let last = versions[object.uid], version <= last {
            report("\(key): version \(version) after \(last)", present[key], object)
        }
        versions[object.uid] = version
    }

    private mutating func report(_ what: String, _ known: SoakMap?, _ object: SoakMap) {
        guard violations.count < 10 else { return }
        let before = known.map { "\($0.uid)@\($0.version.map(String.init) ?? "?")" } ?? "nothing"
        violations.append(
            "event \(eventCount): \(what) (known \(before), now \(object.uid)@\(object.version.map(String.init) ?? "?"))"
        )
    }
}
