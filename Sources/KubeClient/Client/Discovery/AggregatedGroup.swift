// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// A group in aggregated discovery (`apidiscovery.k8s.io`, `v2` and `v2beta1`).
struct AggregatedGroup: JSONDecodable, Sendable {
    struct Version: Sendable {
        var version = ""
        var resources: [Entry] = []
        var freshness = ""
    }

    struct Entry: Sendable {
        var plural = ""
        var singular = ""
        var kind = ""
        var scope = ""
        var verbs: [String] = []
        var shortNames: [String] = []
        var categories: [String] = []
        var subresources: [String] = []
    }

    var name = ""
    /// The preferred one first.
    var versions: [Version] = []

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "metadata":
                try reader.beginObject()
                while let field = try reader.nextKey() {
                    switch field {
                    case "name": try reader.read(into: &name)
                    default: try reader.skipValue()
                    }
                }
            case "versions": try reader.read(into: &versions)
            default: try reader.skipValue()
            }
        }
    }

    /// Adds the group's kinds to what is known.
    func add(to snapshot: inout DiscoverySnapshot) {
        for (index, version) in versions.enumerated() {
            snapshot.resources += version.resources.map { $0.resource(name, version.version, isPreferred: index == 0) }
            guard version.freshness == "Stale" else { continue }
            let apiVersion = name.isEmpty ? version.version : "\(name)/\(version.version)"
            snapshot.failures.append(
                .init(
                    apiVersion: apiVersion,
                    error: KubeError(
                        code: .unavailable,
                        message: "the server that serves \(apiVersion) cannot be asked; what is known of it may be old"
                    )
                )
            )
        }
    }
}

extension AggregatedGroup.Version: JSONDecodable {
    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "version": try reader.read(into: &version)
            case "resources": try reader.read(into: &resources)
            case "freshness": try reader.read(into: &freshness)
            default: try reader.skipValue()
            }
        }
    }
}

extension AggregatedGroup.Entry: JSONDecodable {
    private struct Subresource: JSONDecodable {
        var name = ""

        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "subresource": try reader.read(into: &name)
                default: try reader.skipValue()
                }
            }
        }
    }

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "resource": try reader.read(into: &plural)
            case "singularResource": try reader.read(into: &singular)
            case "responseKind":
                if try reader.readNull() { continue }
                try reader.beginObject()
                while let field = try reader.nextKey() {
                    switch field {
                    case "kind": try reader.read(into: &kind)
                    default: try reader.skipValue()
                    }
                }
            case "scope": try reader.read(into: &scope)
            case "verbs": try reader.read(into: &verbs)
            case "shortNames": try reader.read(into: &shortNames)
            case "categories": try reader.read(into: &categories)
            case "subresources": subresources = try [Subresource](from: &reader).map(\.name)
            default: try reader.skipValue()
            }
        }
    }

    func resource(_ group: String, _ version: String, isPreferred: Bool) -> DiscoveredResource {
        DiscoveredResource(
            resource: APIResource(
                group: group,
                version: version,
                kind: kind,
                plural: plural,
                isNamespaced: scope == "Namespaced"
            ),
            singular: singular,
            shortNames: shortNames,
            categories: categories,
            verbs: verbs,
            subresources: subresources,
            isPreferred: isPreferred
        )
    }
}
