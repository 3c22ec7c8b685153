// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import YAML

/// What has been taken out of the files of a bundle, but for the logs.
struct BundleReading {
    private let limits: BundleEvidence.Limits
    private var objects = BundleObjects()
    private var alerts: [Alert] = []
    private var bytes = 0
    private var isTruncated = false
    /// What could not be read.
    var unreadable: [Unreadable] = []

    init(limits: BundleEvidence.Limits) {
        self.limits = limits
    }

    /// Whether there was any object or list.
    var hasObjects: Bool { objects.count > 0 }

    /// Takes in one file that is no log; what cannot be understood is noted.
    mutating func add(_ file: BundleFile, of bundle: BundleFiles) {
        guard let format = Format(file.name) else { return }
        bytes += file.size
        guard bytes <= limits.totalBytes, file.size <= limits.fileBytes else {
            isTruncated = true
            return
        }
        do {
            try addObjects(TextEncoding.utf8(bundle.read(file, maximumBytes: limits.fileBytes)), format, file)
        } catch {
            unreadable.append(Unreadable(what: "file \(file.title)", reason: "Invalid", message: "\(error)"))
        }
    }

    private enum Format {
        case json
        case yaml

        init?(_ name: String) {
            if name.hasSuffix(".json") {
                self = .json
            } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                self = .yaml
            } else {
                return nil
            }
        }
    }

    /// What may stand in a file; a list has no bound but that of its file.
    private var textLimits: JSONLimits {
        var textLimits = JSONLimits()
        textLimits.textBytes = limits.fileBytes
        return textLimits
    }

    private mutating func addObjects(_ bytes: [UInt8], _ format: Format, _ file: BundleFile) throws {
        // Parts of the text are read several times; it is checked once.
        if case .json = format { try JSON.check(bytes, limits: textLimits) }
        switch format {
        case .json where file.name == "alerts.json":
            alerts += try JSON.decode(AlertList.self, from: bytes).alerts
        case .json: try objects.add(bytes, path: file.path)
        case .yaml:
            for document in try documents(of: bytes, in: file) where document["kind"] != nil {
                try objects.add(JSON.encode(document), path: file.path)
            }
        }
    }

    /// The documents of a file; where one of several is invalid, the others.
    private mutating func documents(of bytes: [UInt8], in file: BundleFile) throws -> [JSONValue] {
        do {
            return try YAML.decodeAll(bytes)
        } catch {
            let parts = TextEncoding.documents(of: bytes)
            guard parts.count > 1 else { throw error }
            return parts.enumerated().flatMap { index, part in
                do {
                    return try YAML.decodeAll(part)
                } catch {
                    unreadable.append(
                        Unreadable(
                            what: "document \(index + 1) of file \(file.title)",
                            reason: "Invalid",
                            message: "\(error)"
                        )
                    )
                    return []
                }
            }
        }
    }

    /// What the question is about.
    func snapshot(of scope: EvidenceScope) -> Snapshot {
        let newest = objects.newest(and: alerts.compactMap(\.startsAt))
        var snapshot = Snapshot(subject: scope.subject, takenAt: newest)
        snapshot.isOfWholeCluster = scope.subject == nil && scope.namespace == nil
        objects.fill(&snapshot, scope)
        snapshot.alerts = alerts.filter { alert in
            guard let wanted = scope.namespace, let own = alert.labels["namespace"] else { return true }
            return own == wanted
        }
        snapshot.unreadable += unreadable
        snapshot.isTruncated = isTruncated || objects.collection?.isTruncated ?? false
        return snapshot
    }
}
