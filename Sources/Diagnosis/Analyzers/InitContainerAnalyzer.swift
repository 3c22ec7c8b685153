// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// An init container runs and does not end, so that the pod does not start.
    public static let initContainerStuck = CauseClass(rawValue: "InitContainerStuck")
}

/// Init containers that run on and on.
///
/// One that fails belongs to ``CrashAnalyzer``.
struct InitContainerAnalyzer: Analyzer {
    /// How long an init container may take before somebody ought to look at it.
    static let patience = Duration.seconds(300)

    /// Whether the pod waits for an init container longer than usual.
    static func isStuck(_ container: ContainerView) -> Bool {
        guard container.isInit, container.pod.status.phase == "Pending", let upFor = container.upFor else {
            return false
        }
        return upFor > patience
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.all(in: snapshot).filter(Self.isStuck).map { container in
            let line = snapshot.log(of: container.status.name, in: container.pod).flatMap { log in
                LogLine.explaining(log.lines)
            }
            var evidence = [
                EvidenceItem.field(
                    "\(container.statusPath).state.running",
                    of: container.pod.reference,
                    "since \(container.status.state.running?.startedAt?.description ?? "")"
                )
            ]
            if let line {
                evidence.append(
                    EvidenceItem(
                        kind: .log,
                        source: "log of container \(container.status.name)",
                        object: container.pod.reference,
                        text: line
                    )
                )
            }
            return snapshot.cause(
                .initContainerStuck,
                of: container,
                // It may be at work that takes its time.
                confidence: line == nil ? 0.55 : 0.65,
                message: "\(container.title) does not end, so that the pod does not start"
                    + (line.map { ", saying: \(LogLine.stable($0))" } ?? ""),
                evidence: evidence
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .initContainerStuck, let pod = cause.objects.first else { return [] }
        return [
            Recommendation(
                title: "See what the init container waits for",
                description: "Often another service that has to be there first.",
                command: "kubectl -n \(pod.namespace) logs \(pod.name) -c \(cause.container ?? "")",
                risk: .none
            )
        ]
    }
}
