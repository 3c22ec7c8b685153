// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI

/// One event of a cluster, as far as folding it needs.
struct EventObservation: Sendable, Hashable {
    /// What tells the Event object from others.
    var eventUID: String
    /// How often the Event object says that it happened.
    var seriesCount = 1
    /// The owning workload, or the object itself where nothing owns it.
    var owner: ObjectReference
    /// Name of the object that the event is about.
    var sample: String
    /// The container that it is about.
    var container: String?
    /// The event's reason.
    var reason: String
    /// How bad it is.
    var severity: Severity
    /// Whether its type is Warning.
    var isWarning = true
    /// What it says, with what looks like a credential taken out.
    var message: String
    /// When it happened first.
    var firstSeen: Timestamp
    /// When it happened last.
    var lastSeen: Timestamp
    /// Whether it was there before the agent looked.
    var isInitial = false

    /// What is folded into one: workload, reason and container.
    var key: String {
        let identity = [owner.kind, owner.namespace, owner.name, reason, container ?? ""].joined(separator: "\n")
        return String(Hash.sha256(Array(identity.utf8)).prefix(16))
    }
}

/// What is known of an object now.
enum PresentState: Sendable, Hashable {
    /// It is as it should be.
    case healthy
    /// Something is wrong with it.
    case unhealthy
    /// There is no such object.
    case gone
    /// Nobody can tell.
    case unknown
}
