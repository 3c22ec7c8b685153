// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// A fault that explains what was found.
public struct Cause: Sendable, Hashable {
    /// What is wrong.
    public var causeClass: CauseClass
    /// The workload or other object whose configuration or process is at fault.
    public var object: ObjectReference
    /// The container, if it is about one.
    public var container: String?
    /// What is wrong, for people.
    public var message: String
    /// How sure it is, from 0 to 1, in steps of 0.01.
    public var confidence: Double
    /// How bad it is.
    public var severity: Severity
    /// The objects that show it, such as the pods of a workload.
    public var objects: [ObjectReference]
    /// Other objects that it is about, such as the ConfigMap that is missing; at most ``maximumRelated``.
    public var related: [ObjectReference] = []
    /// The findings that it rests on and explains, as indexes into the list that was ranked.
    public var findings: [Int]
    /// The objects of those that it explains: symptoms, and causes that follow from it.
    public var explains: [ObjectReference]
    /// The candidates that this one follows from, as indexes into the list of candidates.
    public var follows: [Int] = []
    /// How it follows from the first of them, as a sentence without its end; nil if it follows from none.
    public var path: String?
    /// Why it stands before the next candidate, as the rest of a sentence that begins with "because"; nil for the last.
    public var precedence: String?

    /// The most objects that are named besides those that show a cause.
    public static let maximumRelated = 10
}
