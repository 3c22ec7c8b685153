// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI

/// Where a list stood in a bundle, which says what it is a list of.
struct ListPlace {
    private let directory: String?
    private let isCutOff: Bool

    init(_ path: [String], isCutOff: Bool) {
        directory = path.dropLast().last
        self.isCutOff = isCutOff
    }

    /// Where absence from the list means something.
    ///
    /// A list holds all objects of its kind in each namespace of which it holds any. An empty one is of the namespace
    /// after which its directory is called.
    func coverage(_ items: [ObjectMeta], isNamespaced: Bool) -> Coverage {
        guard !isCutOff else { return .nothing }
        guard isNamespaced else { return .everything }
        var namespaces = Set(items.compactMap(\.namespace))
        if items.isEmpty, let directory { namespaces.insert(directory) }
        return namespaces.isEmpty ? .nothing : .namespaces(namespaces)
    }
}

/// A kind as objects of a bundle name it.
struct Kind: Hashable {
    var name: String
    var group: String

    init(_ name: String, _ group: String) {
        self.name = name
        // Events had a group of their own for some time, and Ingresses another one.
        self.group = name == "Ingress" && group == "extensions" ? "networking.k8s.io" : group
    }

    /// The kind of a file's name, such as `replicasets.json` or `replication-controllers.json`.
    init?(plural file: String) {
        let plural = file.prefix { $0 != "." }.filter { $0 != "-" }.lowercased()
        guard let resource = Self.resources.first(where: { $0.plural == plural }) else { return nil }
        self.init(resource.kind, resource.group)
    }

    /// Whether somebody has added it to Kubernetes.
    var isCustom: Bool { CustomKinds.contains(group: group) }

    private static let resources: [APIResource] =
        [Pod.apiResource, Event.apiResource] + Workload.kinds + InventoryReader.all.map(\.resource)
        + [Secret.apiResource]
}
