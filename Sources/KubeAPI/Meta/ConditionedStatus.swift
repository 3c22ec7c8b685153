// SPDX-License-Identifier: Apache-2.0
public import JSON

/// A status that says what the API conventions ask of every kind: what is observed, and of which spec.
///
/// In the custom resource's definition, `conditions` is a list of the type `map` with the key `type`, so that several
/// controllers can each apply conditions of their own.
public struct ConditionedStatus: JSONRecord, Sendable, Hashable {
    public static let fields = [Field("observedGeneration", \.observedGeneration), Field("conditions", \.conditions)]

    /// The generation of the spec that the status is about; nil if nobody has looked at any.
    public var observedGeneration: Int64?
    /// What is observed; no type comes twice.
    public var conditions: [Condition] = []

    /// Creates the status of an object that nobody has looked at.
    public init() {}
}
