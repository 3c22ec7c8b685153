// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Processes that end because they may not read or write one of their volumes.
struct VolumePermissionAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        ContainerView.all(in: snapshot).compactMap { container in
            guard let termination = container.currentTermination, termination.exitCode != 0,
                !ContainerConfigAnalyzer.isStartFailure(termination),
                !JobAttempts.isHistory(container.pod, in: snapshot)
            else { return nil }
            let words = termination.message.split(whereSeparator: \.isNewline).map(String.init)
            let lines = (snapshot.log(of: container.status.name, in: container.pod)?.lines ?? []) + words
            guard let (mount, line, confidence) = Self.refusedMount(container.spec.mounts, lines) else { return nil }
            return snapshot.cause(
                .volumePermissionDenied,
                of: container,
                confidence: confidence,
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

    private static let fileWords = PhraseMatcher([
        " open ", "opening", "mkdir", "for reading", "for writing", "create file", "cannot open", "cannot create",
        "cannot touch",
    ])
    private static let refusals = PhraseMatcher([
        "permission denied", "eacces", "read-only file system", "operation not permitted",
    ])

    /// The volume whose path stands in a line about a refused access, the deepest of several.
    private static func refusedMount(
        _ mounts: [Container.Mount],
        _ lines: [String]
    ) -> (Container.Mount, String, Double)? {
        // The token of the service account is readable to every user.
        let mounts = mounts.filter { $0.path.count > 1 && !$0.path.hasPrefix("/var/run/secrets/") }
        for line in lines.reversed() {
            // Images' own scripts tell that they would have liked to change a file, and go on.
            guard refusals.matches(anyIn: line), !line.hasBytes(" info: "), LogEntry(line).level != .informative else {
                continue
            }
            let named = mounts.filter { mentions(line, $0.path) }
            if let deepest = named.max(by: { $0.path.count < $1.path.count }) { return (deepest, line, 0.93) }
            // A file without a directory is in the working directory, which for servers of data is their only volume.
            if mounts.count == 1, !line.hasBytes(" /"), fileWords.matches(anyIn: line) {
                return (mounts[0], line, 0.8)
            }
        }
        return nil
    }

    /// Whether a line names a path or something beneath it, and not only one that begins alike.
    static func mentions(_ line: String, _ path: String) -> Bool {
        line.ranges(of: path).contains { range in
            guard range.upperBound < line.endIndex else { return true }
            let next = line[range.upperBound]
            return next == "/" || !(next.isLetter || next.isNumber || "-_.".contains(next))
        }
    }
}
