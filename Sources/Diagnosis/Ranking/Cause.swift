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
    /// The findings that it rests on and explains, as indexes into the list that was ranked.
    public var findings: [Int]
    /// The symptoms among them.
    public var explains: [ObjectReference]
}
