// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// What was read from a cluster for one question, at about one moment.
///
/// Everything in it is already redacted. What is not here was either not there or could not be read; the second is
/// in ``unreadable``, so that nobody takes it for the first.
public struct Snapshot: Sendable {
    /// What the question is about; nil for a whole namespace or cluster.
    public var subject: ObjectReference?
    /// Whether the subject exists; nil if that could not be found out, or if there is no subject.
    public var subjectExists: Bool?
    /// The pods that belong to the subject.
    public var pods: [Pod] = []
    /// The workloads that belong to the subject, its owners among them.
    public var workloads: [Workload] = []
    /// The events about all of these.
    public var events: [Event] = []
    /// The nodes of the cluster; nil if nobody had a reason to look at them, or could not.
    public var nodes: [Node]?
    /// Whether single objects exist that ``Analyzers/lookups(in:)`` asked for, by their description.
    ///
    /// What is not in it is not known.
    public var existence: [String: Bool] = [:]
    /// Ends of logs of containers that do not do well.
    public var logs: [ContainerLog] = []
    /// What could not be read.
    public var unreadable: [Unreadable] = []
    /// Whether something was left out to stay within bounds.
    public var isTruncated = false
    /// When it was read.
    public var takenAt: Timestamp

    /// Creates a snapshot of nothing.
    public init(subject: ObjectReference? = nil, takenAt: Timestamp) {
        self.subject = subject
        self.takenAt = takenAt
    }
}

/// The end of one container's log.
public struct ContainerLog: Sendable, Hashable {
    /// The pod's namespace.
    public var namespace: String
    /// The pod.
    public var pod: String
    /// The container.
    public var container: String
    /// Whether it is the log of the run before the present one.
    public var isPrevious: Bool
    /// The last lines, oldest first.
    public var lines: [String]

    /// Creates a log.
    public init(namespace: String, pod: String, container: String, isPrevious: Bool, lines: [String]) {
        self.namespace = namespace
        self.pod = pod
        self.container = container
        self.isPrevious = isPrevious
        self.lines = lines
    }
}

/// Something that was wanted and could not be read.
public struct Unreadable: Sendable, Hashable {
    /// What it was, such as `pods in namespace shop`.
    public var what: String
    /// A CamelCase word, such as `Forbidden`.
    public var reason: String
    /// A sentence for people.
    public var message: String

    /// Creates a note.
    public init(what: String, reason: String, message: String) {
        self.what = what
        self.reason = reason
        self.message = message
    }
}
