// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// Two containers of one pod want the same port.
    public static let containerPortConflict = CauseClass(rawValue: "ContainerPortConflict")
}

/// Containers that end because another one of their pod has their port: the containers of a pod share one network.
struct PortConflictAnalyzer: Analyzer {
    private static let signs = PhraseMatcher([
        "address already in use", "eaddrinuse", "address in use", "was already in use", "port is already allocated",
    ])

    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.all(in: snapshot).compactMap { container in
            let pod = container.pod
            let sidecars = pod.spec.initContainers.count { $0.restartPolicy == "Always" }
            // Alone in its pod a process can only be in its own way.
            guard pod.spec.containers.count + sidecars > 1, Self.isFailing(container),
                !JobAttempts.isHistory(pod, in: snapshot)
            else { return nil }
            let message = container.currentTermination?.message ?? ""
            // The log of the run before may be gone already, while the present one says it again.
            let lines =
                snapshot.logs(of: container.status.name, in: pod).flatMap { $0.lines.suffix(Self.maximumLines) }
                + message.split(whereSeparator: \.isNewline).map(String.init)
            guard let line = lines.last(where: { Self.signs.matches(anyIn: $0) }) else { return nil }
            return snapshot.cause(
                .containerPortConflict,
                of: container,
                confidence: 0.95,
                message: "\(container.title) wants a port that another container of its pod has already",
                evidence: [
                    EvidenceItem(
                        kind: .log,
                        source: "log of container \(container.status.name)",
                        object: pod.reference,
                        text: LogLine.shortened(line)
                    )
                ]
            )
        }
    }

    /// The most lines of one log that are looked at, from its end.
    private static let maximumLines = 500

    /// Some servers take a minute until they find their port taken: they look well until then, but are never ready.
    private static func isFailing(_ container: ContainerView) -> Bool {
        container.currentTermination != nil || (!container.status.isReady && container.status.restartCount > 0)
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard cause.causeClass == .containerPortConflict else { return [] }
        return [
            Recommendation(
                title: "Give one of the containers another port",
                description: "All containers of a pod share one network, and so one set of ports.",
                command: "kubectl -n \(cause.object.namespace) get \(cause.object.kind.lowercased()) "
                    + "\(cause.object.name) -o jsonpath='{.spec..ports}'",
                risk: .none
            )
        ]
    }
}
