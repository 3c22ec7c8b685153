// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI

/// The objects of a bundle, by kind, and how far each kind is known.
struct BundleObjects {
    private var pods: [ObjectName: Pod] = [:]
    private var workloads: [ObjectName: Workload] = [:]
    private var events: [Event] = []
    private var eventNames: Set<ObjectName> = []
    private var coverage: [String: Coverage] = [:]
    /// Carries the inventories only.
    private var inventories = Snapshot(takenAt: Timestamp(seconds: 0))
    /// What the bundle says of its own making, if a collector has made it.
    private(set) var collection: Collection?
    /// How many objects and lists there were.
    private(set) var count = 0

    private struct ObjectName: Hashable {
        var kind: String
        var namespace: String
        var name: String

        init(_ kind: String, _ metadata: ObjectMeta) {
            self.kind = kind
            namespace = metadata.namespace ?? ""
            name = metadata.name
        }
    }

    /// How deep lists may stand in lists.
    private static let maximumNesting = 4

    /// Takes in a list, an array of objects, or an object.
    mutating func add(_ bytes: [UInt8], path: [String], nesting: Int = 0) throws(JSONError) {
        if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") {
            let list = Array(#"{"apiVersion":"v1","kind":"List","items":"#.utf8) + bytes + [UInt8(ascii: "}")]
            return try add(list, path: path, nesting: nesting)
        }
        let header = try Self.decode(BundleHeader.self, bytes)
        guard !header.kind.isEmpty else { return }
        if header.kind == Collection.kind, header.apiVersion == Collection.apiVersion {
            collection = try Self.decode(Collection.self, bytes)
            return
        }
        count += 1
        guard header.isList, header.kind.hasSuffix("List") else {
            return try add(bytes, Kind(header.kind, header.group), nil)
        }
        let place = ListPlace(path, isCutOff: header.isCutOff)
        if header.kind != "List" {
            let kind = Kind(String(header.kind.dropLast("List".count)), header.group)
            return try add(bytes, kind, place)
        }
        let items = try Self.decode(RawList.self, bytes).items
        // A list without objects says only by its name of what there are none.
        if items.isEmpty, let kind = Kind(plural: path.last ?? "") {
            return try add(Array(#"{"items":[]}"#.utf8), kind, place)
        }
        var groups: [Kind: [UInt8]] = [:]
        for item in items {
            let header = try Self.decode(BundleHeader.self, item)
            guard !header.kind.isEmpty else { continue }
            if header.isList, header.kind.hasSuffix("List"), nesting < Self.maximumNesting {
                try add(item, path: path, nesting: nesting + 1)
                continue
            }
            groups[Kind(header.kind, header.group), default: Array(#"{"items":["#.utf8)] += item + [UInt8(ascii: ",")]
        }
        for (kind, var text) in groups {
            text.removeLast()
            text += "]}".utf8
            try add(text, kind, place)
        }
    }

    /// Reads a text that has been checked.
    private static func decode<Value: JSONDecodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(JSONError) -> Value {
        try JSON.decode(type, from: bytes)
    }

    /// The objects of a list, or the one object.
    private static func items<Object: KubernetesObject>(
        _ type: Object.Type,
        _ bytes: [UInt8],
        _ place: ListPlace?
    ) throws(JSONError) -> [Object] {
        guard place != nil else { return [try decode(type, bytes)] }
        return try decode(ResourceList<Object>.self, bytes).items
    }

    private mutating func add(_ bytes: [UInt8], _ kind: Kind, _ place: ListPlace?) throws(JSONError) {
        switch kind.name {
        case "Pod" where kind.group.isEmpty:
            let items = try Self.items(Pod.self, bytes, place)
            for pod in items { pods[ObjectName("Pod", pod.metadata)] = pod }
            cover(kind, items, place)
        case "Event" where ["", "events.k8s.io"].contains(kind.group):
            let items = try Self.items(Event.self, bytes, place)
            for event in items
            where eventNames.insert(ObjectName("Event", event.metadata)).inserted
                || event.metadata.name.isEmpty
            { events.append(event) }
            cover(kind, items, place)
        case _ where Workload.kinds.contains { $0.kind == kind.name && $0.group == kind.group }:
            let items = try Self.items(Workload.self, bytes, place)
            for var workload in items {
                workload.kind = kind.name
                workloads[ObjectName(kind.name, workload.metadata)] = workload
            }
            cover(kind, items, place)
        case _ where Route.kinds.contains { $0.kind == kind.name && $0.group == kind.group }:
            var items = try Self.items(Route.self, bytes, place)
            for index in items.indices { items[index].kind = kind.name }
            inventories.routes.add(items, coverage: .nothing)
        default: try addToInventory(bytes, kind, place)
        }
    }

    private mutating func addToInventory(_ bytes: [UInt8], _ kind: Kind, _ place: ListPlace?) throws(JSONError) {
        var filler = InventoryFiller(bytes: bytes, kind: kind, place: place)
        inventories.visitInventories(&filler)
        if let error = filler.error { throw error }
        guard !filler.isDone, kind.isCustom else { return }
        var items = try Self.items(CustomObject.self, bytes, place)
        for index in items.indices { items[index].kind = kind.name }
        inventories.customObjects.add(items, coverage: .nothing)
    }

    private mutating func cover(_ kind: Kind, _ items: [some KubernetesObject], _ place: ListPlace?) {
        guard let place else { return }
        let seen = place.coverage(items.map(\.metadata), isNamespaced: true)
        coverage[kind.name] = coverage[kind.name, default: .nothing].union(seen)
    }

    /// Whether there may be a namespace of this name: something of it was saved, or not all namespaces are known.
    func mayHave(_ namespace: String) -> Bool {
        let reference = Namespace.apiResource.reference(namespace, in: "")
        if inventories.exists(reference) == true { return true }
        if pods.values.contains(where: { $0.metadata.namespace == namespace })
            || workloads.values.contains(where: { $0.metadata.namespace == namespace })
        {
            return true
        }
        if inventories.exists(reference) == false { return false }
        return coverage.isEmpty || coverage.values.contains { $0.includes(namespace) }
    }

    // MARK: The snapshot

    /// The newest moment that objects or alerts tell of.
    ///
    /// Where somebody has noted when they were saved, it is that.
    func newest(and others: [Timestamp]) -> Timestamp {
        if let collectedAt = collection?.collectedAt { return collectedAt }
        var newest = others.max() ?? Timestamp(seconds: 0)
        func see(_ time: Timestamp?) { if let time, time > newest { newest = time } }
        func see(_ conditions: [Condition]) {
            for condition in conditions {
                see(condition.lastTransitionTime)
                see(condition.lastObservedTime)
            }
        }
        for event in events { see(event.lastSeen) }
        for pod in pods.values {
            see(pod.metadata.creationTimestamp)
            see(pod.status.startTime)
            see(pod.status.conditions)
            for status in pod.status.containerStatuses + pod.status.initContainerStatuses {
                for state in [status.state, status.lastState] {
                    see(state.running?.startedAt)
                    see(state.terminated?.finishedAt)
                }
            }
        }
        for workload in workloads.values {
            see(workload.metadata.creationTimestamp)
            see(workload.status.conditions)
        }
        for node in inventories.nodes.items { see(node.conditions) }
        return newest
    }

    /// Puts what belongs to a question into a snapshot.
    func fill(_ snapshot: inout Snapshot, _ scope: EvidenceScope) {
        let (subject, isOfWholeCluster, takenAt) = (snapshot.subject, snapshot.isOfWholeCluster, snapshot.takenAt)
        snapshot = inventories
        snapshot.subject = subject
        snapshot.isOfWholeCluster = isOfWholeCluster
        snapshot.takenAt = takenAt
        snapshot.coverage = coverage
        snapshot.serverVersion = collection?.serverVersion
        for gap in collection?.gaps ?? [] {
            var visitor = GapFiller(gap: gap)
            snapshot.visitInventories(&visitor)
            if Route.kinds.contains(where: { $0.kind == gap.kind }) {
                snapshot.routes.add(gap: gap.unreadable)
            } else if !visitor.isDone {
                snapshot.unreadable.append(gap.unreadable)
            }
        }
        func isMeant(_ metadata: ObjectMeta) -> Bool {
            scope.namespace == nil || metadata.namespace == nil || metadata.namespace == scope.namespace
        }
        let order = { (left: ObjectName, right: ObjectName) in
            (left.kind, left.namespace, left.name) < (right.kind, right.namespace, right.name)
        }
        let pods = pods.filter { isMeant($0.value.metadata) }.sorted { order($0.key, $1.key) }.map(\.value)
        let nodes = pods.nodeNames
        let contains = snapshot.fill(
            pods: pods,
            workloads: workloads.filter { isMeant($0.value.metadata) }.sorted { order($0.key, $1.key) }.map(\.value),
            events: events.filter { event in
                scope.namespace == nil || event.involvedObject.namespace == scope.namespace
                    || (event.isAboutNode(among: nodes) && !scope.isConfinedToNamespace)
            }
        )
        if let subject {
            let isSeen = subject.kind != Namespace.apiResource.kind && contains
            snapshot.subjectExists = isSeen ? true : snapshot.exists(subject)
            // Without a namespace it is looked for in all of which there are lists.
            if snapshot.subjectExists == nil, subject.namespace.isEmpty, coverage[subject.kind] ?? .nothing != .nothing
            {
                snapshot.subjectExists = false
            }
        } else if let namespace = scope.namespace, !mayHave(namespace) {
            snapshot.subject = Namespace.apiResource.reference(namespace, in: "")
            snapshot.subjectExists = false
        }
    }
}

/// The items of a list, each as its own text.
private struct RawList: JSONDecodable {
    var items: [[UInt8]] = []

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "items":
                guard try !reader.readNull() else { continue }
                try reader.beginArray()
                while try reader.nextElement() { items.append(try reader.readRaw()) }
            default: try reader.skipValue()
            }
        }
    }
}

/// Puts objects into the inventory of their kind.
private struct InventoryFiller: InventoryVisitor {
    let bytes: [UInt8]
    let kind: Kind
    let place: ListPlace?
    var isDone = false
    var error: JSONError?

    mutating func visit<Object: Resource>(_ inventory: inout Inventory<Object>) {
        let resource = Object.apiResource
        guard !isDone, resource.kind == kind.name, resource.group == kind.group else { return }
        isDone = true
        do throws(JSONError) {
            guard let place else {
                return inventory.add([try JSON.decode(Object.self, from: bytes)], coverage: .nothing)
            }
            let items = try JSON.decode(ResourceList<Object>.self, from: bytes).items
            inventory.add(items, coverage: place.coverage(items.map(\.metadata), isNamespaced: resource.isNamespaced))
        } catch {
            self.error = error
        }
    }
}

/// Notes a gap in the inventory of its kind.
private struct GapFiller: InventoryVisitor {
    let gap: Collection.Gap
    var isDone = false

    mutating func visit<Object: Resource>(_ inventory: inout Inventory<Object>) {
        guard Object.apiResource.kind == gap.kind else { return }
        inventory.add(gap: gap.unreadable)
        isDone = true
    }
}
