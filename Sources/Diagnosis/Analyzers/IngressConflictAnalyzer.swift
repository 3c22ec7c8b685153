// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Two Ingresses want the same path of the same host.
    public static let ingressPathConflict = CauseClass(rawValue: "IngressPathConflict")
}

/// Ingresses of one class that lead the same path of the same host to different Services: one of them is not served.
struct IngressConflictAnalyzer: Analyzer {
    private struct Place: Hashable {
        var className: String
        var host: String
        var path: String
        var pathType: String
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard snapshot.isAboutEverything else { return [] }
        var holders: [Place: (ingress: Ingress, backend: IngressBackend)] = [:]
        var findings: [Finding] = []
        var reported: Set<ObjectReference> = []
        for ingress in snapshot.ingresses.items.sorted(by: Self.isOlder) {
            let annotations = ingress.metadata.annotations
            // A canary shares the path on purpose.
            guard ingress.metadata.deletionTimestamp == nil,
                !annotations.contains(where: { $0.key.hasSuffix("/canary") && $0.value == "true" })
            else { continue }
            let className = ingress.className ?? annotations["kubernetes.io/ingress.class"] ?? ""
            for rule in ingress.rules where !rule.host.isEmpty {
                for path in rule.paths {
                    let place = Place(className: className, host: rule.host, path: path.path, pathType: path.pathType)
                    guard let holder = holders[place] else {
                        holders[place] = (ingress, path.backend)
                        continue
                    }
                    let isSame =
                        holder.ingress.metadata.namespace == ingress.metadata.namespace
                        && holder.backend == path.backend
                    let reference = ingress.reference
                    guard !isSame, reported.insert(reference).inserted else { continue }
                    findings.append(
                        finding(reference, Ingress.apiResource.reference(to: holder.ingress.metadata), place)
                    )
                }
            }
        }
        return findings
    }

    /// Controllers serve the one that was there first.
    private static func isOlder(_ left: Ingress, _ right: Ingress) -> Bool {
        let start = Timestamp(seconds: 0)
        let (first, second) = (left.metadata.creationTimestamp ?? start, right.metadata.creationTimestamp ?? start)
        if first != second { return first < second }
        return (left.metadata.namespace ?? "", left.metadata.name) < (
            right.metadata.namespace ?? "", right.metadata.name
        )
    }

    private func finding(_ reference: ObjectReference, _ holder: ObjectReference, _ place: Place) -> Finding {
        Finding(
            causeClass: .ingressPathConflict,
            object: reference,
            owner: reference,
            severity: .medium,
            message: "\(holder) has \(place.host)\(place.path) already, and leads it to another Service",
            confidence: 0.6,
            isCause: true,
            evidence: [.field("spec.rules", of: reference, "host \(place.host), path \(place.path)")],
            related: [holder]
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .ingressPathConflict else { return [] }
        return [
            Recommendation(
                title: "Give one of them another host or path",
                description: "Most controllers serve the older one and leave the other out without a word.",
                command: "kubectl get ingresses --all-namespaces",
                risk: .none
            )
        ]
    }
}
