// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// An object was written in a version of the API that newer servers no longer have.
    public static let deprecatedAPIVersionApplied = CauseClass(rawValue: "DeprecatedAPIVersionApplied")
}

/// Objects whose source will be refused after an upgrade, or has been refused since one.
///
/// What version somebody has written is known of what `kubectl apply` has made; the server itself shows every object in
/// whatever version one asks for.
struct HygieneVersionAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        var visitor = Visitor()
        var inventories = snapshot
        inventories.visitInventories(&visitor)
        for workload in snapshot.workloads { visitor.add(workload.metadata, workload.reference) }
        for pod in snapshot.pods { visitor.add(pod.metadata, pod.reference) }
        return visitor.found.map { object, removed in
            snapshot.remark(
                .deprecatedAPIVersionApplied,
                object,
                "metadata.annotations[\(AppliedConfiguration.annotation)]",
                "it was applied as \(removed.apiVersion), \(removed.explanation)"
            )
        }
    }

    private struct Visitor: InventoryVisitor {
        var found: [(object: ObjectReference, removed: RemovedAPI)] = []

        mutating func visit<Object: Resource>(_ inventory: inout Inventory<Object>) {
            for object in inventory.items { add(object.metadata, object.reference) }
        }

        mutating func add(_ metadata: ObjectMeta, _ reference: @autoclosure () -> ObjectReference) {
            guard let text = metadata.annotations[AppliedConfiguration.annotation],
                let applied = AppliedConfiguration(text)
            else { return }
            let object = reference()
            if let removed = RemovedAPI.entry(applied.apiVersion, object.kind) { found.append((object, removed)) }
        }
    }

    var detections: [Detection] {
        [
            Detection(
                .deprecatedAPIVersionApplied,
                kinds: ["any built-in kind"],
                category: .hygiene,
                proof: "What kubectl apply has noted on it names a version that Kubernetes has removed since.",
                remedy: "Write the manifest in the version that has taken its place, and apply it again."
            )
        ]
    }
}
