// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import OrderedCollections
import Redaction

/// Redacts whole objects as they come from a server.
///
/// It takes out at least what is taken out of a snapshot, so that the answer stays the same: annotations that
/// mean nothing to Kubernetes, values whose names speak of a secret, and whatever looks like one. Names, labels,
/// selectors and references are left: nothing could be said without them.
enum ObjectRedaction {
    /// Fields that hold names, or public certificates, whatever they look like.
    private static let left: Set<String> = [
        "apiVersion", "kind", "name", "namespace", "uid", "resourceVersion", "generateName", "nodeName", "fieldPath",
        "labels", "selector", "matchLabels", "nodeSelector", "ownerReferences", "caBundle", "secretName", "claimName",
        "volumeName", "storageClassName", "serviceAccountName", "serviceName", "containerID", "imageID", "finalizers",
    ]

    /// The most levels that are looked at; deeper, everything is taken out.
    private static let maximumDepth = 64

    static func redact(_ object: JSONValue, kind: String) -> JSONValue {
        var object = object
        object["metadata"] = object["metadata"].map(metadata)
        for field in object.objectValue?.keys.elements ?? [] where field != "metadata" && !left.contains(field) {
            object[field] = object[field].map { redact($0, under: field, depth: 0) }
        }
        guard kind == ConfigMap.apiResource.kind else { return object }
        object["data"] = object["data"].map(settings)
        object["binaryData"] = object["binaryData"].map { value in
            .object((value.objectValue ?? [:]).mapValues { _ in .string("") })
        }
        return object
    }

    private static func metadata(_ value: JSONValue) -> JSONValue {
        var value = value
        value["managedFields"] = nil
        if let annotations = value["annotations"]?.objectValue {
            var kept = annotations.filter { Snapshot.tellingAnnotations.contains($0.key) }
                .mapValues { $0.stringValue.map { JSONValue.string(Redaction.redact($0)) } ?? .null }
            let applied = annotations[AppliedConfiguration.annotation]?.stringValue.flatMap { AppliedConfiguration($0) }
            if let applied { kept[AppliedConfiguration.annotation] = .string(applied.text) }
            value["annotations"] = .object(kept)
        }
        return value
    }

    /// What has a name that somebody chose.
    private static func settings(_ value: JSONValue) -> JSONValue {
        let texts = (value.objectValue ?? [:]).compactMapValues(\.stringValue)
        return .object(texts.reduce(into: [:]) { $0[$1.key] = .string(Snapshot.redacted($1.value, of: $1.key)) })
    }

    private static func redact(_ value: JSONValue, under field: String, depth: Int) -> JSONValue {
        guard depth < maximumDepth else { return .null }
        switch value {
        case .string(let text): return .string(Redaction.redact(text))
        case .array(let items):
            // Arguments belong together: an option may stand in one, and its secret value in the next.
            let texts = items.compactMap(\.stringValue)
            if texts.count == items.count { return .array(Redaction.redact(lines: texts).map(JSONValue.string)) }
            return .array(items.map { redact($0, under: field, depth: depth + 1) })
        case .object(var fields):
            if let name = fields["name"]?.stringValue, let text = fields["value"]?.stringValue {
                fields["value"] = .string(Snapshot.redacted(text, of: name))
                return .object(fields)
            }
            // Those of a pod template, say.
            if field == "annotations" { return settings(value) }
            for (name, value) in fields where !left.contains(name) {
                fields[name] = redact(value, under: name, depth: depth + 1)
            }
            return .object(fields)
        default: return value
        }
    }
}
