// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
public import KubeClient

extension StatusWriter {
    /// Brings the conditions that this manager sets up to date, and `observedGeneration` with them.
    ///
    /// The transition time of a condition moves only if its status does. Nothing is written if all of it is so already.
    /// - Parameters:
    ///   - conditions: all that this manager observes. One that it has set before and leaves out is removed with the
    ///     next write, so say `Unknown` of what is no longer known. Those of other managers stay.
    ///   - object: what they are about, as the cache has it; its generation is the one that was observed.
    ///   - takesOver: whether conditions of these types that others manage are taken from them.
    ///   - current: the status as an object has it.
    ///   - now: the transition time of conditions whose status is new.
    /// - Returns: the object as the server has it now, or as given if nothing was to be written.
    /// - Throws: `KubeError` as ``apply(to:takesOver:current:wanted:)``.
    @discardableResult
    public func apply(
        _ conditions: [Condition],
        to object: Object,
        takesOver: Bool = true,
        current: (Object) -> ConditionedStatus?,
        at now: Timestamp = .now
    ) async throws(KubeError) -> Object {
        let types = Set(conditions.map(\.type))
        // What others observe is none of this manager's business: to apply it would be to take it over.
        func own(_ object: Object) -> ConditionedStatus {
            var status = current(object) ?? ConditionedStatus()
            status.conditions.removeAll { !types.contains($0.type) }
            return status
        }
        return try await apply(to: object, takesOver: takesOver, current: own) { latest in
            var status = own(latest)
            status.observedGeneration = object.metadata.generation
            for condition in conditions { status.conditions.set(condition, at: now) }
            return status
        }
    }
}
