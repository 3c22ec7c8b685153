// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import Redaction

/// Takes the logs out of the files in which bundles keep them.
struct BundleLogs {
    let limits: BundleEvidence.Limits
    private(set) var logs: [ContainerLog] = []
    private(set) var isTruncated = false
    /// What could not be read.
    private(set) var unreadable: [Unreadable] = []
    private var bytes = 0

    init(limits: BundleEvidence.Limits) { self.limits = limits }

    /// Where a file says that it belongs; nil if it is no log.
    struct Place {
        var namespace: String
        var pod: String
        /// nil if the file holds the logs of all containers.
        var container: String?
        var isPrevious: Bool

        /// `NAMESPACE/POD/logs.txt`, or `logs/NAMESPACE/POD/CONTAINER.log`.
        init?(_ path: [String]) {
            guard path.count >= 3, let name = path.last else { return nil }
            pod = path[path.count - 2]
            namespace = path[path.count - 3]
            switch name {
            case "logs.txt", "logs.previous.txt":
                container = nil
                isPrevious = name == "logs.previous.txt"
            case _ where name.hasSuffix(".log") && path.count >= 4 && path[path.count - 4] == "logs":
                isPrevious = name.hasSuffix(".previous.log")
                container = String(name.dropLast(isPrevious ? ".previous.log".count : ".log".count))
            default: return nil
            }
        }
    }

    /// Takes the logs out of the files that hold any, and redacts them.
    ///
    /// It needs nothing of the other files, so that both can be read at the same time.
    static func read(_ bundle: BundleFiles, of namespace: String?, limits: BundleEvidence.Limits) async -> BundleLogs {
        var logs = BundleLogs(limits: limits)
        for file in bundle.files {
            guard let place = Place(file.path) else { continue }
            guard logs.bytes < limits.totalLogBytes else {
                logs.isTruncated = true
                break
            }
            // The file of a whole pod holds several logs; more than their ends may have to be looked through.
            let isWhole = place.container == nil
            let bound = isWhole ? min(limits.fileBytes, limits.totalLogBytes) : limits.logBytes + 1
            do {
                logs.add(try bundle.read(file, last: bound), from: place)
            } catch {
                let message = Redaction.redact("\(error)")
                logs.unreadable.append(Unreadable(what: "file \(file.title)", reason: "Invalid", message: message))
            }
        }
        logs.logs.removeAll { namespace != nil && $0.namespace != namespace }
        logs.logs = Snapshot.redacted(logs.logs)
        return logs
    }

    mutating func add(_ text: [UInt8], from place: Place) {
        guard let container = place.container else { return addAll(text, from: place) }
        add(text[...], place, container)
    }

    /// The dump puts each container's log between two lines.
    private mutating func addAll(_ text: [UInt8], from place: Place) {
        let suffix = " of pod \(place.namespace)/\(place.pod) ===="
        var rest = text[...]
        var container: String?
        var start = rest.startIndex
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            // A program may write what looks like such a line; only one that names this pod is taken for it.
            if line.starts(with: "==== ".utf8), line.count < 1024 {
                let words = String(decoding: line, as: UTF8.self)
                if let name = Self.container(in: words, "==== START logs for container ", suffix), container == nil {
                    container = name
                    start = end == rest.endIndex ? end : end + 1
                } else if let name = Self.container(in: words, "==== END logs for container ", suffix),
                    name == container
                {
                    add(text[start..<line.startIndex], place, name)
                    container = nil
                }
            }
            rest = end == rest.endIndex ? rest[end...] : rest[(end + 1)...]
        }
        // A dump that was interrupted has no last line.
        if let container { add(text[start...], place, container) }
    }

    private static func container(in line: String, _ prefix: String, _ suffix: String) -> String? {
        guard line.hasPrefix(prefix), line.hasSuffix(suffix), line.utf8.count > prefix.utf8.count + suffix.utf8.count
        else { return nil }
        return String(line.dropFirst(prefix.count).dropLast(suffix.count))
    }

    private mutating func add(_ text: ArraySlice<UInt8>, _ place: Place, _ container: String) {
        let tail = text.suffix(limits.logBytes)
        var lines = tail.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
        // The first line of an end is only the end of a line.
        if tail.count < text.count, !lines.isEmpty { lines.removeFirst() }
        bytes += tail.count
        logs.append(
            ContainerLog(
                namespace: place.namespace,
                pod: place.pod,
                container: container,
                isPrevious: place.isPrevious,
                lines: LogTail.of(lines, last: limits.logLines).map { String(decoding: $0, as: UTF8.self) }
            )
        )
    }
}
