// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// What `/api` and `/apis` answer: the groups alone, or everything at once (KEP-3352).
struct DiscoveryRoot: JSONDecodable, Sendable {
    struct Group: Sendable {
        var name = ""
        var versions: [String] = []
        var preferredVersion = ""
    }

    var kind = ""
    /// Of `APIVersions`: the versions of the core group.
    var versions: [String] = []
    /// Of `APIGroupList`.
    var groups: [Group] = []
    /// Of `APIGroupDiscoveryList`.
    var items: [AggregatedGroup] = []

    var isAggregated: Bool { kind == "APIGroupDiscoveryList" }

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "kind": try reader.read(into: &kind)
            case "versions": try reader.read(into: &versions)
            case "groups": try reader.read(into: &groups)
            case "items": try reader.read(into: &items)
            default: try reader.skipValue()
            }
        }
    }
}

extension DiscoveryRoot.Group: JSONDecodable {
    private struct Version: JSONDecodable {
        var version = ""

        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "version": try reader.read(into: &version)
                default: try reader.skipValue()
                }
            }
        }
    }

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "versions": versions = try [Version](from: &reader).map(\.version)
            case "preferredVersion": preferredVersion = try Version(from: &reader).version
            default: try reader.skipValue()
            }
        }
    }

    /// The versions, the preferred one first.
    var orderedVersions: [String] {
        versions.filter { $0 == preferredVersion } + versions.filter { $0 != preferredVersion }
    }
}

/// What `/apis/GROUP/VERSION` answers.
struct APIResourceList: JSONDecodable, Sendable {
    private struct Entry: JSONDecodable {
        var name = ""
        var singular = ""
        var kind = ""
        var isNamespaced = false
        var verbs: [String] = []
        var shortNames: [String] = []
        var categories: [String] = []

        init(from reader: inout JSONReader) throws(JSONError) {
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "name": try reader.read(into: &name)
                case "singularName": try reader.read(into: &singular)
                case "kind": try reader.read(into: &kind)
                case "namespaced": try reader.read(into: &isNamespaced)
                case "verbs": try reader.read(into: &verbs)
                case "shortNames": try reader.read(into: &shortNames)
                case "categories": try reader.read(into: &categories)
                default: try reader.skipValue()
                }
            }
        }
    }

    private var entries: [Entry] = []

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "resources": try reader.read(into: &entries)
            default: try reader.skipValue()
            }
        }
    }

    func resources(group: String, version: String, isPreferred: Bool) -> [DiscoveredResource] {
        entries.filter { !$0.name.contains("/") }.map { entry in
            DiscoveredResource(
                resource: APIResource(
                    group: group,
                    version: version,
                    kind: entry.kind,
                    plural: entry.name,
                    isNamespaced: entry.isNamespaced
                ),
                singular: entry.singular,
                shortNames: entry.shortNames,
                categories: entry.categories,
                verbs: entry.verbs,
                subresources: entries.compactMap { other in
                    other.name.hasPrefix("\(entry.name)/") ? String(other.name.dropFirst(entry.name.count + 1)) : nil
                },
                isPreferred: isPreferred
            )
        }
    }
}
