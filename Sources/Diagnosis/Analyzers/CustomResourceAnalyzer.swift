// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A custom resource says of itself that it is not well.
    public static let customResourceNotReady = CauseClass(rawValue: "CustomResourceNotReady")
}

/// Custom resources of any kind whose status follows the API conventions.
///
/// The conventions know conditions that are good when true (`Ready`, `Available`) and others that are bad when true
/// (`Degraded`, `Stalled`). What a controller still works on is no fault, and neither is what it has observed of an
/// earlier generation.
struct CustomResourceAnalyzer: Analyzer {
    /// How long something may be on its way before that is a fault.
    private static let patience = Duration.seconds(600)
    private static let good: Set<String> = [
        "ready", "available", "healthy", "synced", "reconciled", "accepted", "programmed", "serving", "installed",
        "valid",
        "succeeded", "established", "resolvedrefs", "artifactinstorage", "released", "deployed",
    ]
    private static let bad: Set<String> = [
        "stalled", "degraded", "failed", "failing", "failure", "error", "unhealthy", "invalid", "blocked",
    ]
    private static let underWay: Set<String> = [
        "reconciling", "progressing", "issuing", "creating", "updating", "pending", "installing",
    ]
    private static let resting: Set<String> = ["suspended", "paused", "stopped", "halted", "hibernated", "disabled"]
    private static let failedPhases: Set<String> = ["failed", "error", "degraded", "stalled", "unhealthy"]

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard snapshot.isAboutEverything else { return [] }
        let failing = snapshot.customObjects.items.compactMap { object in
            Self.trouble(of: object, at: snapshot.takenAt).map { (object, $0) }
        }
        // The one that others are made from is not well because they are not.
        let parents = Set(failing.flatMap { $0.0.metadata.ownerReferences.map(\.uid) }.filter { !$0.isEmpty })
        return failing.map { object, trouble in
            var finding = Finding(
                object.reference,
                .customResourceNotReady,
                trouble.status == .true ? "it is \(trouble.type)" : "it is not \(trouble.type)",
                trouble,
                confidence: trouble.message.isEmpty ? 0.55 : 0.65,
                severity: .medium
            )
            if let verdict = UnservedKind(trouble.message)?.verdict(in: snapshot) {
                finding.causeClass = verdict.causeClass
                finding.message = "its controller wants \(verdict.text)"
                finding.confidence = 0.8
                finding.related = verdict.related
            }
            finding.related += Self.named(by: object, among: failing.map { $0.0 })
            finding.isCause = !(object.metadata.uid.map(parents.contains) ?? false)
            return finding
        }
    }

    /// Those of other resources that a resource's spec names.
    private static func named(by object: CustomObject, among others: [CustomObject]) -> [ObjectReference] {
        others.filter { other in
            object.links.targets.contains { target in
                target.kind == other.kind && target.name == other.metadata.name
                    && (target.namespace ?? object.metadata.namespace == other.metadata.namespace
                        || other.metadata.namespace == nil)
            }
        }.map(\.reference)
    }

    /// The resources that are not well and that would write a Secret.
    static func makers(ofSecret name: String, in namespace: String, _ snapshot: Snapshot) -> [ObjectReference] {
        snapshot.customObjects.items.filter { object in
            object.metadata.namespace == namespace
                // Kinds such as ExternalSecret and SealedSecret write one of their own name if no other is given.
                && (object.links.secrets.contains(name)
                    || object.kind.contains("Secret") && object.metadata.name == name)
                && trouble(of: object, at: snapshot.takenAt) != nil
        }.map(\.reference)
    }

    /// The resources by which nodes are made, as far as none of their kind is well: `NodePool`, `MachineSet`.
    static func nodeMakers(in snapshot: Snapshot) -> [ObjectReference] {
        let makers = snapshot.customObjects.items.filter { object in
            object.kind.hasPrefix("Node") || object.kind.hasPrefix("Machine") || object.kind.hasSuffix("NodeClass")
        }
        let serving = Set(makers.filter { trouble(of: $0, at: snapshot.takenAt) == nil }.map(\.kind))
        return makers.filter { !serving.contains($0.kind) }.map(\.reference)
    }

    /// The condition that tells best what is wrong; nil if nothing is.
    static func trouble(of object: CustomObject, at now: Timestamp) -> Condition? {
        let metadata = object.metadata
        guard metadata.deletionTimestamp == nil else { return nil }
        if let observed = object.observedGeneration, let generation = metadata.generation, observed < generation {
            return nil
        }
        let current = object.conditions.filter { object.conditions.current($0.type, of: metadata) != nil }
        func name(_ condition: Condition) -> String { condition.type.lowercased() }
        if let stuck = current.first(where: { $0.status == .true && isBad(name($0)) }) { return stuck }
        let isUnderWay = current.contains { condition in
            condition.status == .true && underWay.contains(name(condition))
                && !(condition.lastTransitionTime.map { now.since($0) > patience } ?? false)
        }
        // What has run to its end is no longer ready, and need not be.
        let isDone = current.contains { $0.status == .true && ["complete", "completed"].contains(name($0)) }
        // Somebody has wanted it so.
        let isSuspended = current.contains { condition in
            let reason = condition.reason.lowercased()
            return resting.contains(reason) || reason.hasSuffix("cancelled") || reason.hasSuffix("canceled")
                || condition.status == .true && resting.contains(name(condition))
        }
        guard !isUnderWay, !isDone, !isSuspended else { return nil }
        let lacking = current.filter { $0.status == .false && isGood(name($0)) }
        // "Ready" sums up the others; one that says more is better, unless it has nothing to say.
        if let lacking = lacking.first(where: { !$0.message.isEmpty }) ?? lacking.first { return lacking }
        guard object.conditions.isEmpty, failedPhases.contains(object.phase.lowercased()) else { return nil }
        return Condition(type: object.phase, status: .true, reason: "")
    }

    private static func isGood(_ type: String) -> Bool {
        guard !isNegated(type) else { return false }
        return good.contains(type) || type.hasSuffix("ready") || type.hasSuffix("available")
            || type.hasSuffix("healthy")
    }

    private static func isBad(_ type: String) -> Bool {
        bad.contains(type) || isNegated(type) || type.hasSuffix("degraded") || type.hasSuffix("failed")
            || type.hasSuffix("failure")
    }

    /// `NotReady` and `CatalogSourcesUnhealthy` are good when false.
    private static func isNegated(_ type: String) -> Bool {
        ["notready", "unready", "unhealthy", "unavailable", "notavailable", "nothealthy"].contains(
            where: type.hasSuffix
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .customResourceNotReady else { return [] }
        let place = cause.object.namespace.isEmpty ? "" : "-n \(cause.object.namespace) "
        return [
            Recommendation(
                title: "Read what its controller says",
                description: "The condition quotes it; the log of the controller says more.",
                command: "kubectl \(place)describe \(cause.object.kind.lowercased()) \(cause.object.name)",
                risk: .none
            )
        ]
    }
}
