// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Containers do not say what they need: they are the first to be ended when a node runs short.
    public static let resourceRequestsMissing = CauseClass(rawValue: "ResourceRequestsMissing")
    /// Containers may use all memory of their node.
    public static let memoryLimitMissing = CauseClass(rawValue: "MemoryLimitMissing")
    /// An image whose tag may mean another image tomorrow.
    public static let imageTagNotFixed = CauseClass(rawValue: "ImageTagNotFixed")
    /// Traffic reaches containers before anybody has asked whether they are ready.
    public static let readinessProbeMissing = CauseClass(rawValue: "ReadinessProbeMissing")
}

/// Containers that work, and could be described better.
struct HygieneContainerAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        let served = served(in: snapshot)
        return snapshot.templates.flatMap { object, spec -> [Finding] in
            let isServed = served.contains(ObjectKey(object))
            let checks: [(CauseClass, String, (Container) -> Bool)] = [
                (
                    .resourceRequestsMissing, "requests neither CPU nor memory",
                    { $0.requests.isEmpty && $0.limits.isEmpty }
                ),
                (.memoryLimitMissing, "has no memory limit", { $0.limits["memory"] == nil }),
                (.imageTagNotFixed, "has an image without a fixed tag", { Self.isUnfixed($0.image) }),
                (
                    .readinessProbeMissing, "serves without a readiness probe",
                    { isServed && $0.readinessProbe == nil && !$0.ports.isEmpty }
                ),
            ]
            return checks.compactMap { causeClass, message, isMatch in
                let names = spec.containers.filter(isMatch).map(\.name)
                guard !names.isEmpty else { return nil }
                return snapshot.remark(
                    causeClass,
                    object,
                    "spec.containers",
                    "container \(names.joined(separator: ", ")) \(message)"
                )
            }
        }
    }

    /// The workloads and pods to which a Service leads traffic.
    private func served(in snapshot: Snapshot) -> Set<ObjectKey> {
        let graph = EvidenceGraph(snapshot)
        return Set(
            snapshot.services.items.flatMap { graph.dependencies(of: $0.reference) }
                .filter { $0.relation == .backend }.map { ObjectKey($0.object) }
        )
    }

    /// Whether an image has no tag, or the one that moves; a digest never does.
    static func isUnfixed(_ image: String) -> Bool {
        guard !image.isEmpty, !image.contains("@") else { return false }
        // A colon before the last slash belongs to the registry's port.
        let name = image.split(separator: "/").last ?? ""
        guard let colon = name.firstIndex(of: ":") else { return true }
        return name[name.index(after: colon)...] == "latest"
    }

    var detections: [Detection] {
        [
            Detection(
                .resourceRequestsMissing,
                kinds: ["Workload", "Pod"],
                category: .hygiene,
                proof: "A container has neither requests nor limits.",
                remedy: "Request what it needs, so that the scheduler and the kubelet can plan with it."
            ),
            Detection(
                .memoryLimitMissing,
                kinds: ["Workload", "Pod"],
                category: .hygiene,
                proof: "A container has no limit for memory.",
                remedy: "Set one, so that a leak ends this container and not its neighbours."
            ),
            Detection(
                .imageTagNotFixed,
                kinds: ["Workload", "Pod"],
                category: .hygiene,
                proof: "An image has no tag or the tag latest, and no digest.",
                remedy: "Name a version, so that a restart does not bring another program."
            ),
            Detection(
                .readinessProbeMissing,
                kinds: ["Workload", "Pod"],
                category: .hygiene,
                proof: "A Service leads to the pods, and a container with ports has no readiness probe.",
                remedy: "Add one, so that traffic waits until the process can answer."
            ),
        ]
    }
}
