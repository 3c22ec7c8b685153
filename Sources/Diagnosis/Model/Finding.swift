// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// Something that is wrong with one object, as an analyzer sees it.
public struct Finding: Sendable, Hashable {
    /// What is wrong.
    public var causeClass: CauseClass
    /// With what.
    public var object: ObjectReference
    /// The workload that the object belongs to: the end of its chain of controllers.
    ///
    /// The object itself if it has none.
    public var owner: ObjectReference
    /// The container, if it is about one.
    public var container: String?
    /// How bad it is.
    public var severity: Severity
    /// What is wrong, for people.
    ///
    /// The same for every replica: nothing that differs from pod to pod or second to second.
    public var message: String
    /// How sure the analyzer is, from 0 to 1.
    public var confidence: Double
    /// Whether it can be the reason for others; a symptom such as "has too few replicas" cannot.
    public var isCause: Bool
    /// What shows it.
    public var evidence: [EvidenceItem]
    /// Other objects that it is about, such as the ConfigMap that is missing or the claim that is not bound.
    public var related: [ObjectReference]
    /// Where the trouble of an object may come from on which others stand and which seldom fails because of them, such
    /// as the network plugin of a node, or the API that a namespace waits for.
    public var origins: [ObjectReference] = []

    /// Creates a finding.
    public init(
        causeClass: CauseClass,
        object: ObjectReference,
        owner: ObjectReference,
        container: String? = nil,
        severity: Severity,
        message: String,
        confidence: Double,
        isCause: Bool,
        evidence: [EvidenceItem],
        related: [ObjectReference] = []
    ) {
        self.causeClass = causeClass
        self.object = object
        self.owner = owner
        self.container = container
        self.severity = severity
        self.message = message
        self.confidence = confidence
        self.isCause = isCause
        self.evidence = evidence
        self.related = related
    }
}

/// How bad something is.
public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    /// A word for the reader; nothing fails.
    case low = "Low"
    /// Something does not work as it should, with no user noticing yet.
    case medium = "Medium"
    /// A workload does not do its work.
    case high = "High"
    /// Several do not, or the cluster itself.
    case critical = "Critical"

    public static func < (left: Severity, right: Severity) -> Bool {
        let order = allCases
        return order.firstIndex(of: left) ?? 0 < order.firstIndex(of: right) ?? 0
    }
}

/// One thing that was seen.
public struct EvidenceItem: Sendable, Hashable {
    /// Where it was seen.
    public enum Kind: String, Sendable, Hashable {
        /// In the object's fields.
        case object = "Object"
        /// In an event.
        case event = "Event"
        /// In a container's log.
        case log = "Log"
    }

    /// Where it was seen.
    public var kind: Kind
    /// The field, event or log, such as `status.containerStatuses[app].state.waiting`.
    public var source: String
    /// The object that it is about.
    public var object: ObjectReference
    /// What was seen, in the cluster's own words.
    public var text: String

    /// Creates an item.
    public init(kind: Kind, source: String, object: ObjectReference, text: String) {
        self.kind = kind
        self.source = source
        self.object = object
        self.text = text
    }
}
