// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient

/// What is to be written about something that happened: a new event, or a higher count of one that is there.
///
/// It keeps no more than the last ``capacity`` events in mind, whatever happens.
struct EventCorrelator: Sendable {
    /// What happened, without when and how often.
    struct Occurrence: Hashable, Sendable {
        var object: ObjectReference
        var type: String
        var reason: String
        var message: String
    }

    /// How often it happened since it was last written.
    struct Tally: Sendable {
        var count: Int
        var first: Timestamp
        var last: Timestamp
    }

    enum Write: Sendable {
        case create(Event)
        case patch(name: String, namespace: String, Patch, orElse: Event)
    }

    /// A kind of happening, whatever the message says.
    private struct Group: Hashable, Sendable {
        var object: ObjectReference
        var type: String
        var reason: String
    }

    private struct Known: Sendable {
        var name: String
        var count: Int
        var first: Timestamp
    }

    private struct Messages: Sendable {
        var distinct: Set<String> = []
        var last: AnyClock.Instant
    }

    private struct Bucket: Sendable {
        var tokens: Double
        var at: AnyClock.Instant
    }

    static let capacity = 4096
    /// From the how-manieth distinct message on, within the interval, the events are combined.
    static let similarLimit = 10
    static let similarInterval = Duration.seconds(600)
    /// How many writes an object may cause in a burst, and how long it takes to be allowed another one.
    static let burst = 25.0
    static let refillInterval = Duration.seconds(300)

    private let component: String
    private let instance: String
    private var known = LeastRecentlyUsed<Occurrence, Known>(capacity: capacity)
    private var groups = LeastRecentlyUsed<Group, Messages>(capacity: capacity)
    private var buckets = LeastRecentlyUsed<ObjectReference, Bucket>(capacity: capacity)
    private var lastNumber: UInt64 = 0

    init(component: String, instance: String) {
        self.component = component
        self.instance = instance
    }

    /// What to write; nil if the object causes too many writes.
    mutating func write(_ occurrence: Occurrence, _ tally: Tally, now: AnyClock.Instant) -> Write? {
        guard takeToken(for: occurrence.object, now: now) else { return nil }
        let (key, message) = combined(occurrence, now: now)
        if var seen = known[key] {
            seen.count += tally.count
            known[key] = seen
            let name = makeName(occurrence, at: tally.last)
            let event = event(occurrence, message, name: name, seen.count, seen.first, tally.last)
            return .patch(
                name: seen.name,
                namespace: event.metadata.namespace ?? "",
                .merge(Change(count: seen.count, lastTimestamp: tally.last, message: message)),
                orElse: event
            )
        }
        let name = makeName(occurrence, at: tally.last)
        known[key] = Known(name: name, count: tally.count, first: tally.first)
        return .create(event(occurrence, message, name: name, tally.count, tally.first, tally.last))
    }

    /// Notes that the event which was to be patched is gone, and that another one has taken its place.
    mutating func replaced(_ name: String, by event: Event) {
        let occurrence = Occurrence(
            object: event.involvedObject,
            type: event.type,
            reason: event.reason,
            message: event.message
        )
        for key in [occurrence, combinedKey(occurrence)] {
            guard var seen = known[key], seen.name == name else { continue }
            seen.name = event.metadata.name
            known[key] = seen
        }
    }

    private mutating func takeToken(for object: ObjectReference, now: AnyClock.Instant) -> Bool {
        var bucket = buckets[object] ?? Bucket(tokens: Self.burst, at: now)
        bucket.tokens = min(Self.burst, bucket.tokens + bucket.at.duration(to: now) / Self.refillInterval)
        bucket.at = now
        let isAllowed = bucket.tokens >= 1
        if isAllowed { bucket.tokens -= 1 }
        buckets[object] = bucket
        return isAllowed
    }

    /// The key to count under, and the message to write: those of the group, once its messages are too many.
    private mutating func combined(_ occurrence: Occurrence, now: AnyClock.Instant) -> (Occurrence, String) {
        let group = Group(object: occurrence.object, type: occurrence.type, reason: occurrence.reason)
        var messages = groups[group] ?? Messages(last: now)
        if messages.last.duration(to: now) > Self.similarInterval { messages.distinct = [] }
        messages.last = now
        if messages.distinct.count < Self.similarLimit { messages.distinct.insert(occurrence.message) }
        groups[group] = messages
        guard messages.distinct.count >= Self.similarLimit else { return (occurrence, occurrence.message) }
        return (combinedKey(occurrence), Self.shortened("(combined from similar events): \(occurrence.message)"))
    }

    private func combinedKey(_ occurrence: Occurrence) -> Occurrence {
        var key = occurrence
        // No message of a caller's is empty.
        key.message = ""
        return key
    }

    /// The message, cut off where the `events.k8s.io` API would refuse it.
    static func shortened(_ message: String) -> String {
        // A cut may fall into a character, which has at most four bytes.
        for length in stride(from: 1024, to: 1020, by: -1) {
            if let text = String(message.utf8.prefix(length)) { return text }
        }
        return ""
    }

    private mutating func makeName(_ occurrence: Occurrence, at now: Timestamp) -> String {
        // Several processes may write about one object; the time makes their names differ, the number one's own.
        lastNumber += 1
        let number = UInt64(bitPattern: now.seconds &* 1_000_000_000 &+ Int64(now.nanoseconds)) &+ lastNumber
        // A name has at most 253 characters, the number and the dot 17 of them.
        return "\(occurrence.object.name.prefix(236)).\(String(number, radix: 16))"
    }

    private func event(
        _ occurrence: Occurrence,
        _ message: String,
        name: String,
        _ count: Int,
        _ first: Timestamp,
        _ last: Timestamp
    ) -> Event {
        // Events live in namespaces; those about cluster-scoped objects are expected in this one.
        let namespace = occurrence.object.namespace.isEmpty ? "default" : occurrence.object.namespace
        var event = Event(metadata: ObjectMeta(name: name, namespace: namespace))
        event.involvedObject = occurrence.object
        event.type = occurrence.type
        event.reason = occurrence.reason
        event.message = message
        event.count = count
        event.firstTimestamp = first.wholeSeconds
        event.lastTimestamp = last.wholeSeconds
        event.sourceComponent = component
        event.reportingController = component
        event.reportingInstance = instance
        return event
    }
}

/// What changes in an event that happens again.
private struct Change: JSONEncodable {
    var count: Int
    var lastTimestamp: Timestamp
    var message: String

    func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("count", count)
            writer.field("lastTimestamp", lastTimestamp.wholeSeconds)
            writer.field("message", message)
        }
    }
}
