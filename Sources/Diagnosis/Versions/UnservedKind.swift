// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// A kind that somebody has asked the API server for in vain, in the words of client-go and kubectl.
struct UnservedKind: Hashable {
    var kind: String
    /// The group, empty for the core group; nil if the words do not tell.
    var group: String?
    /// The version; nil if the words do not tell.
    var version: String?

    /// Finds it in a log line or in the message of a condition.
    ///
    /// Understood are `no matches for kind "Ingress" in version "networking.k8s.io/v1beta1"`, the same with
    /// `in group "…"`, and what an informer says: `failed to list *v1beta1.CronJob: the server could not find the
    /// requested resource (get cronjobs.batch)`.
    init?(_ text: String) {
        // In a line of JSON the quotes are escaped.
        let text = text.prefix(LogEntry.maximumBytes).filter { $0 != "\\" }
        if let kind = Self.quoted(after: #"no matches for kind ""#, in: text) {
            self.kind = kind
            if let version = Self.quoted(after: #"in version ""#, in: text) {
                let parts = version.split(separator: "/")
                self.group = parts.count > 1 ? String(parts[0]) : ""
                self.version = parts.last.map(String.init)
            } else {
                group = Self.quoted(after: #"in group ""#, in: text)
            }
            return
        }
        guard text.contains("the server could not find the requested resource"),
            let type = text.word(after: " *")?.split(separator: ".").map({ $0.prefix { $0.isLetter || $0.isNumber } }),
            type.count == 2, type[0].first == "v", type[0].dropFirst().first?.isNumber == true,
            // It stands for objects of any kind.
            type[1] != "PartialObjectMetadata", !type[1].isEmpty
        else { return nil }
        kind = String(type[1])
        version = String(type[0])
        let resource = text.word(after: "(get ")?.prefix { $0 != ")" }
        group = resource.map { $0.split(separator: ".", maxSplits: 1).dropFirst().first.map(String.init) ?? "" }
    }

    private static func quoted(after words: String, in text: String) -> String? {
        guard let start = text.firstRange(of: words)?.upperBound, let end = text[start...].firstIndex(of: "\""),
            end > start
        else { return nil }
        return String(text[start..<end])
    }

    /// As people write it.
    var title: String {
        switch (group, version) {
        case (let group?, let version?): "\(kind) of \(group.isEmpty ? version : "\(group)/\(version)")"
        case (let group?, nil): "\(kind) of group \(group.isEmpty ? "core" : group)"
        case (nil, let version?): "\(kind) of \(version)"
        case (nil, nil): kind
        }
    }
}

extension UnservedKind {
    /// Why the API server does not serve it.
    struct Verdict {
        var causeClass: CauseClass
        /// For people, as the rest of a sentence.
        var text: String
        /// The definition of the kind, if there is one.
        var related: [ObjectReference] = []
    }

    /// The groups with dots that Kubernetes has of its own; all others come with a definition or another server.
    private static let ownGroups = Set(RemovedAPI.all.map { String($0.group) })
        .union(["resource.k8s.io", "storagemigration.k8s.io", "internal.apiserver.k8s.io"])

    /// Why the API server does not serve it, as far as that can be told.
    func verdict(in snapshot: Snapshot) -> Verdict {
        if let removed {
            return Verdict(
                causeClass: .apiVersionRemoved,
                text: "\(kind) of \(removed.apiVersion), \(removed.explanation)"
            )
        }
        if let group, !group.contains(".") || Self.ownGroups.contains(group) {
            return Verdict(
                causeClass: .apiKindNotServed,
                text: "\(title), which the API server does not serve: it is of another version, or this API is off"
            )
        }
        let definitions = snapshot.customResourceDefinitions
        let definition = definitions.items.first { definition in
            definition.kind == kind && (group ?? definition.group) == definition.group
        }
        if let definition {
            return Verdict(
                causeClass: .apiKindNotServed,
                text: "\(title), which its CustomResourceDefinition does not serve in this version",
                related: [definition.reference]
            )
        }
        return Verdict(
            causeClass: .apiKindNotServed,
            text: "\(title), which the API server does not serve: "
                + (definitions.isComplete()
                    ? "no CustomResourceDefinition has it"
                    : "its CustomResourceDefinition is not installed, or not in this version")
        )
    }

    /// The entry that says that newer servers no longer have it; nil if there is none, or if they differ in what to do.
    private var removed: RemovedAPI? {
        switch (group, version) {
        case (let group?, let version?): return RemovedAPI.entry(group.isEmpty ? version : "\(group)/\(version)", kind)
        case (let group?, nil): return RemovedAPI.entries(group: group, kind).last
        case (nil, let version?):
            let entries = RemovedAPI.entries(version: version, kind)
            return Set(entries.map(\.successor)).count == 1 ? entries.last : nil
        case (nil, nil): return nil
        }
    }
}
