// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A program or configuration uses a version of Kubernetes' API that the server no longer serves.
    public static let apiVersionRemoved = CauseClass(rawValue: "APIVersionRemoved")
    /// A program or configuration uses a kind that the server does not serve.
    public static let apiKindNotServed = CauseClass(rawValue: "APIKindNotServed")
}

/// Programs that ask the API server for kinds or versions that it does not have.
///
/// After an upgrade of the cluster it is mostly a controller that is too old; else a definition is not installed.
/// What controllers cannot apply they say in an event. Autoscalers and custom resources say it in a condition: their own analyzers take the class from here.
struct UnservedAPIAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.ownComplaints.filter { $0.sign == .apiNotServed }.compactMap { complaint in
            guard let verdict = UnservedKind(complaint.text)?.verdict(in: snapshot) else { return nil }
            return snapshot.finding(
                verdict.causeClass,
                complaint,
                // Programs that can do without go on.
                confidence: complaint.isInTrouble ? 0.92 : complaint.count > 2 ? 0.65 : 0.45,
                message: "\(complaint.container.title) wants \(verdict.text)",
                related: verdict.related
            )
        } + eventFindings(in: snapshot)
    }

    /// For how long an event counts: who has failed for want of a kind tries again sooner than that.
    private static let recent = Duration.seconds(3600)
    private static let words = PhraseMatcher([
        "no matches for kind", "the server could not find the requested resource",
    ])

    /// What controllers say of objects whose manifests they cannot apply, as long as it is the last they have said.
    private func eventFindings(in snapshot: Snapshot) -> [Finding] {
        snapshot.events.compactMap { event in
            var object = event.involvedObject
            object.fieldPath = nil
            guard event.type != "Normal", Self.words.matches(anyIn: event.message),
                let verdict = UnservedKind(event.message)?.verdict(in: snapshot),
                let seen = event.lastSeen, snapshot.takenAt.since(seen) <= Self.recent,
                snapshot.exists(object) != false,
                snapshot.events(about: object).first?.message == event.message
            else { return nil }
            let pod = object.kind == Pod.apiResource.kind ? snapshot.pod(object.name, in: object.namespace) : nil
            return Finding(
                causeClass: verdict.causeClass,
                object: object,
                owner: pod.map { snapshot.owner(of: $0) } ?? object,
                severity: .high,
                message: "it wants \(verdict.text)",
                confidence: 0.8,
                isCause: true,
                evidence: [.event(event, about: object)],
                related: verdict.related
            )
        }
    }

    private static let guides: [CauseGuide] = [
        CauseGuide(
            causeClass: .apiVersionRemoved,
            kinds: ["Workload", "HorizontalPodAutoscaler", "any custom resource", "any object with an event"],
            proof:
                "A log, a condition or the last event of an object says that there is no such kind in this version, and "
                + "Kubernetes has removed that version.",
            title: "Use the version that has taken its place",
            description:
                "Of somebody else's program that means a newer release; of a manifest, another apiVersion and often "
                + "other fields. Nothing brings the old version back.",
            command: "kubectl api-versions"
        ),
        CauseGuide(
            causeClass: .apiKindNotServed,
            kinds: ["Workload", "HorizontalPodAutoscaler", "any custom resource", "any object with an event"],
            proof:
                "A log, a condition or the last event of an object says that there is no such kind, and it is not one "
                + "that Kubernetes has removed.",
            title: "Install the definition of the kind, or a release that fits the server",
            description:
                "Charts and operators usually bring their definitions; they have to be there before the objects.",
            command: "kubectl api-resources"
        ),
    ]

    var detections: [Detection] { Self.guides.map(\.detection) }

    func recommendations(for cause: Cause) -> [Recommendation] { Self.guides.recommendations(for: cause) }
}
