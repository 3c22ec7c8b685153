// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Processes that end because they may not read or write one of their volumes.
struct VolumePermissionAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.all(in: snapshot).compactMap { container in
            guard let termination = container.currentTermination, termination.exitCode != 0,
                !ContainerConfigAnalyzer.isStartFailure(termination)
            else { return nil }
            let words = termination.message.split(whereSeparator: \.isNewline).map(String.init)
            let lines = (snapshot.log(of: container.status.name, in: container.pod)?.lines ?? []) + words
            guard let (mount, line) = Self.refusedMount(container.spec.mounts, lines) else { return nil }
            return snapshot.cause(
                .volumePermissionDenied,
                of: container,
                confidence: 0.93,
                message: "\(container.title) may not use its volume \(mount.name) at \(mount.path)",
                evidence: [
                    EvidenceItem(
                        kind: .log,
                        source: "log of container \(container.status.name)",
                        object: container.pod.reference,
                        text: LogLine.shortened(line)
                    )
                ]
            )
        }
    }

    /// The volume whose path stands in a line about a refused access, the deepest of several.
    private static func refusedMount(_ mounts: [Container.Mount], _ lines: [String]) -> (Container.Mount, String)? {
        for line in lines.reversed() {
            let lowered = line.lowercased()
            let isRefused = ["permission denied", "eacces", "read-only file system", "operation not permitted"]
                .contains { lowered.contains($0) }
            guard isRefused else { continue }
            let named = mounts.filter { mount in
                // The token of the service account is readable to every user.
                mount.path.count > 1 && !mount.path.hasPrefix("/var/run/secrets/") && mentions(line, mount.path)
            }
            if let deepest = named.max(by: { $0.path.count < $1.path.count }) { return (deepest, line) }
        }
        return nil
    }

    /// Whether a line names a path or something beneath it, and not only one that begins alike.
    private static func mentions(_ line: String, _ path: String) -> Bool {
        line.ranges(of: path).contains { range in
            guard range.upperBound < line.endIndex else { return true }
            let next = line[range.upperBound]
            return next == "/" || !(next.isLetter || next.isNumber || "-_.".contains(next))
        }
    }
}
