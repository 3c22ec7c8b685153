// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A volume cannot be attached because it still is at another node.
    public static let volumeMultiAttach = CauseClass(rawValue: "VolumeMultiAttach")
    /// A volume cannot be attached to the node.
    public static let volumeAttachFailed = CauseClass(rawValue: "VolumeAttachFailed")
    /// A volume cannot be mounted.
    public static let volumeMountFailed = CauseClass(rawValue: "VolumeMountFailed")
    /// Somebody may not read or write a volume.
    public static let volumePermissionDenied = CauseClass(rawValue: "VolumePermissionDenied")
}

/// Pods whose containers are not made because a volume is not there.
struct VolumeMountAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        snapshot.pods.compactMap { pod in
            guard pod.isWaitingForItsSurroundings else { return nil }
            return finding(pod, in: snapshot)
        }
    }

    private func finding(_ pod: Pod, in snapshot: Snapshot) -> Finding? {
        let events = snapshot.events(about: pod.reference).filter {
            ["FailedMount", "FailedAttachVolume", "FailedMapVolume"].contains($0.reason)
        }
        let judged = events.compactMap { event in Self.judge(event, pod).map { (event, $0) } }
        // "Timed out" only says that another event's trouble goes on.
        guard let (event, verdict) = judged.first(where: { $0.1.confidence >= 0.9 }) ?? judged.first else { return nil }
        var finding = snapshot.cause(
            verdict.causeClass,
            of: pod,
            confidence: verdict.confidence,
            message: verdict.message,
            evidence: [
                .event(event, about: pod.reference),
                .field("status.phase", of: pod.reference, "\(pod.status.phase), no container has been made"),
            ]
        )
        finding.related = MissingReference(event.message)?.objects(in: pod.metadata.namespace ?? "", snapshot) ?? []
        if verdict.causeClass == .volumeMultiAttach || verdict.causeClass == .volumeAttachFailed {
            for holder in Self.holders(of: pod, in: snapshot).prefix(3) {
                let node = holder.spec.nodeName ?? ""
                finding.evidence.append(
                    .field("spec.nodeName", of: holder.reference, "the same claim, on node \(node)")
                )
                finding.related += [holder.reference, Node.apiResource.reference(node)]
            }
        }
        if finding.related.isEmpty { finding.related = pod.claimReferences }
        return finding
    }

    /// The pods on other nodes that have a claim of this one.
    private static func holders(of pod: Pod, in snapshot: Snapshot) -> [Pod] {
        let claims = Set(pod.claimNames)
        guard !claims.isEmpty else { return [] }
        return snapshot.pods(in: pod.metadata.namespace ?? "").filter { other in
            other.metadata.name != pod.metadata.name && other.spec.nodeName?.isEmpty == false
                && other.spec.nodeName != pod.spec.nodeName && other.status.phase != "Succeeded"
                && other.claimNames.contains(where: claims.contains)
        }
    }

    private struct Verdict {
        var causeClass: CauseClass
        var message: String
        var confidence: Double
    }

    private static func judge(_ event: Event, _ pod: Pod) -> Verdict? {
        let text = event.message
        let lowered = text.lowercased()
        guard !lowered.contains("not registered") else { return nil }
        let volume = text.quoted(after: "volume ").map { " \($0)" } ?? ""
        if let missing = MissingReference(text) {
            return Verdict(
                causeClass: missing.causeClass,
                message: "the pod waits for a volume: \(missing.message)",
                confidence: 0.95
            )
        }
        if lowered.contains("multi-attach") {
            return Verdict(
                causeClass: .volumeMultiAttach,
                message: "volume\(volume) is still attached to another node, and can be at one only",
                confidence: 0.95
            )
        }
        if lowered.contains("permission denied") || lowered.contains("access denied") {
            return Verdict(
                causeClass: .volumePermissionDenied,
                message: "the node may not mount volume\(volume): permission denied",
                confidence: 0.95
            )
        }
        let isTimeout = lowered.contains("timed out waiting for the condition") || lowered.contains("timeout expired")
        let isAttach = event.reason == "FailedAttachVolume"
        return Verdict(
            causeClass: isAttach ? .volumeAttachFailed : .volumeMountFailed,
            message: isTimeout
                ? "a volume of the pod does not get ready in time"
                : "volume\(volume) cannot be \(isAttach ? "attached" : "mounted"): "
                    + StableText.of(reason(of: text), about: pod.metadata.name),
            confidence: isTimeout ? 0.7 : 0.9
        )
    }

    /// What follows `MountVolume.SetUp failed for volume "x" : `.
    private static func reason(of text: String) -> String {
        guard text.contains(" failed for volume "), let colon = text.firstRange(of: " : ") else { return text }
        return String(text[colon.upperBound...])
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard let advice = Self.advice[cause.causeClass], let pod = cause.objects.first else { return [] }
        return [
            Recommendation(
                title: advice.title,
                description: advice.description,
                command: "kubectl -n \(pod.namespace) describe pod \(pod.name)",
                risk: .none
            )
        ]
    }

    private static let advice: [CauseClass: (title: String, description: String)] = [
        .volumeMultiAttach: (
            "Let the other pod end first",
            "A ReadWriteOnce volume is at one node at a time. Look for a pod of the same claim on another node; for "
                + "a Deployment the strategy Recreate avoids it."
        ),
        .volumeAttachFailed: (
            "Look at the volume in the storage system", "Does it exist, and may the node's driver attach it?"
        ),
        .volumeMountFailed: (
            "Look at the volume on the node", "Is the server of the volume up, its path right, its driver installed?"
        ),
        .volumePermissionDenied: (
            "Give the pod the right to its volume",
            "Compare the owner of the files with runAsUser and fsGroup of the security context, and for NFS the export."
        ),
    ]
}

extension Pod {
    /// Whether it has a node and yet no container of it has been made.
    var isWaitingForItsSurroundings: Bool {
        guard metadata.deletionTimestamp == nil, status.phase == "Pending",
            !(status.conditions["PodScheduled"]?.status == .false)
        else { return false }
        let statuses = status.initContainerStatuses + status.containerStatuses
        return statuses.allSatisfy {
            guard let waiting = $0.state.waiting else { return false }
            return waiting.reason == "ContainerCreating" || waiting.reason == "PodInitializing"
        }
    }
}
