// SPDX-License-Identifier: Apache-2.0
public import Diagnosis

/// Looks at what somebody has saved of a cluster: a directory, or a tar archive of one, packed by gzip or not.
///
/// It reads the output of `kubectl cluster-info dump --output-directory` and any other tree of objects and lists in
/// JSON or YAML. The clock of a bundle stands at the newest moment that it tells of.
public struct BundleEvidence: EvidenceSource {
    private let path: String
    private let limits: Limits

    /// Creates a source.
    /// - Parameter path: the directory or archive.
    public init(path: String, limits: Limits = Limits()) {
        self.path = path
        self.limits = limits
    }

    public func snapshot(of scope: EvidenceScope) async throws(EvidenceError) -> Snapshot {
        guard scope.subject.map(Subject.isSupported) ?? true else { throw EvidenceError(unsupported: scope.subject) }
        let files = try BundleFiles(path, limits: limits)
        async let logs = BundleLogs.read(files, of: scope.namespace, limits: limits)
        var reading = BundleReading(limits: limits)
        for file in files.files where BundleLogs.Place(file.path) == nil { reading.add(file, of: files) }
        guard reading.hasObjects else {
            throw EvidenceError(
                code: .unreadableBundle,
                message:
                    "bundle \(path) holds no Kubernetes objects; give the directory that 'kubectl cluster-info dump "
                    + "--output-directory' has written, or an archive of it"
                    + (reading.unreadable.first.map { ". \($0.what): \($0.message)" } ?? "")
            )
        }
        for skipped in files.skipped {
            reading.unreadable.append(Unreadable(what: "file", reason: "Skipped", message: skipped))
        }
        var snapshot = reading.snapshot(of: scope)
        // Redacted first: what an analyzer has gone through for one question need not be gone through again.
        snapshot.redactObjects()
        let read = await logs
        snapshot.logs = read.logs
        snapshot.isTruncated = snapshot.isTruncated || read.isTruncated
        snapshot.unreadable += read.unreadable
        await snapshot.scanLogs()
        snapshot.noteGaps(of: Set(Analyzers.consults(in: snapshot)))
        return snapshot
    }
}
