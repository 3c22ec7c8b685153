// SPDX-License-Identifier: Apache-2.0

/// What an analyzer can find, told beforehand.
///
/// An analyzer lists every class that it ever emits, symptoms too. `docs/detections.md` is made from these lists, and a
/// test holds the findings of all tests against them.
public struct Detection: Sendable, Hashable {
    /// What part a finding plays in an answer.
    public enum Category: String, Sendable, Hashable, CaseIterable {
        /// Something does not work, and this can be why.
        case fault = "Fault"
        /// Something does not work, and this is never why.
        case symptom = "Symptom"
        /// Everything works; it could be set up better. Told only to those who ask for it.
        case hygiene = "Hygiene"
    }

    /// What is wrong.
    public var causeClass: CauseClass
    /// The kinds of objects that a person would edit, such as `Deployment`; workloads of any kind are `Workload`.
    public var kinds: [String]
    /// What part it plays.
    public var category: Category
    /// What has to be seen for it to be told, in one sentence.
    public var proof: String
    /// What a person could do, in one sentence.
    public var remedy: String

    /// Creates an entry.
    public init(
        _ causeClass: CauseClass,
        kinds: [String],
        category: Category = .fault,
        proof: String,
        remedy: String
    ) {
        self.causeClass = causeClass
        self.kinds = kinds
        self.category = category
        self.proof = proof
        self.remedy = remedy
    }
}
