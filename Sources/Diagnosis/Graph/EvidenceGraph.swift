// SPDX-License-Identifier: Apache-2.0
public import KubeAPI

/// What depends on what in a cluster.
///
/// An edge leads from an object to one that it needs. An object that is named and does not exist is a node too: what
/// needs it is in trouble all the same. Building it takes time that grows with the objects and what they name, never
/// with their square; its edges per object and the text that is searched for addresses are bounded.
public struct EvidenceGraph: Sendable {
    /// The most edges of one kind that one object has; of a Service with more pods, the first ones stand for all.
    static let maximumFanOut = 200

    struct Edge: Sendable, Hashable {
        var target: Int
        var relation: Relation
    }

    private(set) var objects: [ObjectReference] = []
    private(set) var edges: [[Edge]] = []
    private var numbers: [ObjectKey: Int] = [:]
    private var known: Set<Pair> = []

    private struct Pair: Hashable {
        var source: Int
        var target: Int
        var relation: Relation
    }

    /// Creates a graph of nothing.
    init() {}

    /// The number of an object, if it is part of the graph.
    func number(of object: ObjectReference) -> Int? { numbers[ObjectKey(object)] }

    /// The number of an object, which becomes part of the graph if it is not yet.
    mutating func add(_ object: ObjectReference) -> Int {
        let key = ObjectKey(object)
        if let number = numbers[key] { return number }
        numbers[key] = objects.count
        objects.append(object)
        edges.append([])
        return objects.count - 1
    }

    /// Notes that an object needs another one.
    mutating func connect(_ source: Int, to target: Int, _ relation: Relation) {
        guard source != target, edges[source].count < Self.maximumFanOut * 2,
            known.insert(Pair(source: source, target: target, relation: relation)).inserted
        else { return }
        edges[source].append(Edge(target: target, relation: relation))
    }

    /// Notes that an object needs another one.
    mutating func connect(_ source: ObjectReference, to target: ObjectReference, _ relation: Relation) {
        connect(add(source), to: add(target), relation)
    }

    /// Notes that an object needs another one.
    mutating func connect(_ source: Int, to target: ObjectReference, _ relation: Relation) {
        connect(source, to: add(target), relation)
    }

    /// What an object needs, and why.
    public func dependencies(of object: ObjectReference) -> [(object: ObjectReference, relation: Relation)] {
        guard let number = number(of: object) else { return [] }
        return edges[number].map { (objects[$0.target], $0.relation) }
    }
}
