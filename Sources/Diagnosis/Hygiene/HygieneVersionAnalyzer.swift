// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// An object was written in a version of the API that newer servers no longer have.
    public static let deprecatedAPIVersionApplied = CauseClass(rawValue: "DeprecatedAPIVersionApplied")
}

/// Objects whose source will be refused after an upgrade, or has been refused since one.
///
/// What version somebody has written is known of what `kubectl apply` has made, and of what the server has noted about
/// who manages which fields; the server itself shows every object in whatever version one asks for.
struct HygieneVersionAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        var visitor = Visitor()
        var inventories = snapshot
        inventories.visitInventories(&visitor)
        for workload in snapshot.workloads { visitor.add(workload.metadata, workload.reference) }
        for pod in snapshot.pods { visitor.add(pod.metadata, pod.reference) }
        return visitor.found.map { object, removed, source in
            snapshot.remark(
                .deprecatedAPIVersionApplied,
                object,
                source,
                "it was applied as \(removed.apiVersion), \(removed.explanation)"
            )
        }
    }

    private struct Visitor: InventoryVisitor {
        var found: [(object: ObjectReference, removed: RemovedAPI, source: String)] = []

        mutating func visit<Object: Resource>(_ inventory: inout Inventory<Object>) {
            for object in inventory.items { add(object.metadata, object.reference) }
        }

        mutating func add(_ metadata: ObjectMeta, _ reference: @autoclosure () -> ObjectReference) {
            let annotation = AppliedConfiguration.annotation
            let applied = metadata.annotations[annotation].flatMap { AppliedConfiguration($0) }
            guard applied != nil || !metadata.betaVersions.isEmpty else { return }
            let object = reference()
            // A manager that has gone over to the new version since has left no trace of the old one.
            if let removed = applied.flatMap({ RemovedAPI.entry($0.apiVersion, object.kind) }) {
                found.append((object, removed, "metadata.annotations[\(annotation)]"))
            } else if let removed = metadata.betaVersions.lazy.compactMap({ RemovedAPI.entry($0, object.kind) }).first {
                found.append((object, removed, "metadata.managedFields"))
            }
        }
    }

    var detections: [Detection] {
        [
            Detection(
                .deprecatedAPIVersionApplied,
                kinds: ["any built-in kind"],
                category: .hygiene,
                proof:
                    "What kubectl apply has noted on it, or the server in managedFields, names a version that Kubernetes has removed since.",
                remedy: "Write the manifest in the version that has taken its place, and apply it again."
            )
        ]
    }
}
