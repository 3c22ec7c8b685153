// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import KubeClient
import OrderedCollections

/// What a collector has to remember from one page to the next.
struct CollectionRun {
    /// The namespace that is saved; nil for all of them.
    let namespace: String?
    /// What the bundle says of its own making.
    var collection = Collection()
    /// Whether the server has said anything at all, be it a refusal.
    private(set) var hasAnswer = false
    /// Why the last read failed.
    private(set) var lastError: KubeError?
    /// How many objects of the present kind have been written.
    private(set) var count = 0
    /// The nodes on which the pods are.
    private(set) var nodes: Set<String> = []
    /// The containers whose logs are wanted.
    private(set) var containers: [ContainerView] = []
    private let limits: ClusterCollector.Limits
    private var logsOfContainer: [String: Int] = [:]
    private var namespaces: Set<String>
    private var namespacesOfKind: Set<String> = []
    private var pages = 0

    init(namespace: String?, limits: ClusterCollector.Limits) {
        self.namespace = namespace
        self.limits = limits
        namespaces = namespace.map { [$0] } ?? []
    }

    /// Begins with another kind.
    mutating func begin() { (count, pages, namespacesOfKind) = (0, 0, []) }

    mutating func note(_ error: KubeError) {
        lastError = error
        if error.status != nil { hasAnswer = true }
    }

    mutating func add(_ gap: Collection.Gap) {
        guard collection.gaps.count < Collection.maximumGaps else {
            collection.isTruncated = true
            return
        }
        collection.gaps.append(gap)
    }

    /// One page as files: a list for each namespace.
    mutating func lists(of resource: APIResource, _ items: [DynamicObject], isLast: Bool) -> [NewFile] {
        hasAnswer = true
        pages += 1
        count += items.count
        if resource.kind == Pod.apiResource.kind { noteContainers(of: items) }
        let isCustom = CustomKinds.contains(group: resource.group)
        var groups: [String: [JSONValue]] = [:]
        for item in items {
            let metadata = item.metadata
            if resource.kind == Namespace.apiResource.kind { namespaces.insert(metadata.name) }
            // Nobody knows what a kind of somebody's own holds; a diagnosis looks at its status only.
            let content = isCustom ? Self.statusOnly(item.value) : item.value
            groups[metadata.namespace ?? "", default: []].append(
                ObjectRedaction.redact(content, kind: resource.kind)
            )
        }
        if resource.isNamespaced { namespacesOfKind.formUnion(groups.keys) }
        // A part says nothing about what is not there: the rest may never come.
        let isPart = !isLast || pages > 1
        let files = groups.sorted { $0.key < $1.key }
            .map { file(resource, in: $0.key, $0.value, isPart: isPart) }
        guard isLast, !isCustom else { return files }
        return files
            + emptyLists(of: resource, besides: isPart ? [] : namespacesOfKind, isNeeded: isPart || items.isEmpty)
    }

    /// The events about the pods' nodes, in a list that says nothing about what else there is.
    func nodeEvents(_ events: [DynamicObject]) -> [NewFile] {
        let own = events.filter { event in
            event.value["involvedObject"]?["name"]?.stringValue.map(nodes.contains) ?? false
        }
        guard !own.isEmpty else { return [] }
        let resource = Event.apiResource
        let items = own.map { ObjectRedaction.redact($0.value, kind: resource.kind) }
        return [list(resource, NodeEvents.namespace, "node-events.json", items, isPart: true)]
    }

    private static func statusOnly(_ object: JSONValue) -> JSONValue {
        let fields = ["apiVersion", "kind", "metadata", "status"]
        return .object((object.objectValue ?? [:]).filter { fields.contains($0.key) })
    }

    /// Lists that say of what there is nothing, or nothing else.
    func emptyLists(of resource: APIResource) -> [NewFile] { emptyLists(of: resource, besides: [], isNeeded: true) }

    private func emptyLists(of resource: APIResource, besides seen: Set<String>, isNeeded: Bool) -> [NewFile] {
        guard resource.isNamespaced else { return isNeeded ? [file(resource, in: "", [], isPart: false)] : [] }
        guard namespaces.count <= limits.namespaces else { return [] }
        return namespaces.union(namespacesOfKind).subtracting(seen).sorted()
            .map { file(resource, in: $0, [], isPart: false) }
    }

    private func file(_ resource: APIResource, in namespace: String, _ items: [JSONValue], isPart: Bool) -> NewFile {
        let number = pages > 1 ? ".\(pages)" : ""
        // Two groups may call something the same, such as pods and what they use.
        let isShared = CustomKinds.contains(group: resource.group) || resource.kind == PodMetrics.apiResource.kind
        let group = isShared ? resource.group + "." : ""
        let name = group + resource.plural + number + (items.isEmpty && pages > 0 ? ".end" : "") + ".json"
        return list(resource, namespace, name, items, isPart: isPart)
    }

    private func list(
        _ resource: APIResource,
        _ namespace: String,
        _ name: String,
        _ items: [JSONValue],
        isPart: Bool
    ) -> NewFile {
        var list: JSONValue = [
            "apiVersion": .string(resource.apiVersion), "kind": .string("\(resource.kind)List"),
        ]
        if isPart { list["metadata"] = ["continue": "part"] }
        list["items"] = .array(items)
        return NewFile(path: (namespace.isEmpty ? [] : [namespace]) + [name], content: JSON.encode(list))
    }

    /// Notes whose logs are wanted: two of each container of a controller are enough for all its replicas.
    private mutating func noteContainers(of items: [DynamicObject]) {
        var snapshot = Snapshot(takenAt: .now)
        snapshot.pods = items.compactMap { try? JSON.decode(Pod.self, from: JSON.encode($0.value)) }
        nodes.formUnion(snapshot.pods.nodeNames)
        for container in Analyzers.logSources(in: snapshot) {
            let metadata = container.pod.metadata
            let controller = metadata.controllerReference?.uid ?? metadata.uid ?? metadata.name
            let key = "\(controller)/\(container.status.name)"
            guard logsOfContainer[key, default: 0] < 2 else { continue }
            guard containers.count < limits.logs else {
                collection.isTruncated = true
                return
            }
            logsOfContainer[key, default: 0] += 1
            containers.append(container)
        }
    }
}
