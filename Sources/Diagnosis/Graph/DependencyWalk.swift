// SPDX-License-Identifier: Apache-2.0

/// Follows what an object depends on, nearest first, to where a cause may lie.
///
/// Not every way counts:
/// - A pod's trouble may come from its controller, but not from there on from the other pods of it.
/// - A call through a workload that does well does not hand on what is wrong behind it: a program that copes with the
///   failure of what it calls gives no reason to look further.
///
/// The length of a way and the number of objects are bounded, and each object is visited once, so that circles, which
/// calls form often, do no harm.
struct DependencyWalk {
    /// The most steps of one way.
    static let maximumDepth = 10
    /// The most objects that are visited from one start.
    static let maximumObjects = 1000

    /// A place where a cause may lie, and the way to it.
    struct Arrival {
        var object: Int
        var path: [EvidenceGraph.Edge]
    }

    private struct Visit {
        var object: Int
        /// The visit that led here, and by which edge.
        var origin: Int?
        var edge: EvidenceGraph.Edge?
        var depth = 0
        /// Whether it still is the object itself, or a controller of it.
        var isOwn = true
    }

    private let graph: EvidenceGraph
    private let destinations: Set<Int>
    private let troubled: Set<Int>

    /// Prepares walks through a graph.
    /// - Parameters:
    ///   - destinations: the objects that a cause is known of.
    ///   - troubled: the objects that anything is wrong with.
    init(_ graph: EvidenceGraph, to destinations: Set<Int>, past troubled: Set<Int>) {
        self.graph = graph
        self.destinations = destinations
        self.troubled = troubled
    }

    /// The destinations that an object depends on, nearest first.
    func arrivals(from start: Int) -> [Arrival] {
        var visits = [Visit(object: start)]
        var seen: Set<Int> = [start]
        var arrivals: [Arrival] = []
        var next = 0
        while next < visits.count {
            let visit = visits[next]
            if destinations.contains(visit.object) {
                arrivals.append(Arrival(object: visit.object, path: path(to: next, in: visits)))
            }
            defer { next += 1 }
            guard visit.depth < Self.maximumDepth else { continue }
            for edge in graph.edges[visit.object] where isOpen(edge, after: visit) {
                guard visits.count < Self.maximumObjects else { break }
                guard seen.insert(edge.target).inserted else { continue }
                visits.append(
                    Visit(
                        object: edge.target,
                        origin: next,
                        edge: edge,
                        depth: visit.depth + 1,
                        isOwn: visit.isOwn && edge.relation == .owner
                    )
                )
            }
        }
        return arrivals
    }

    private func isOpen(_ edge: EvidenceGraph.Edge, after visit: Visit) -> Bool {
        switch edge.relation {
        case .member: visit.edge?.relation != .owner
        case .traffic: visit.isOwn || troubled.contains(visit.object) || !graph.isWorkload(visit.object)
        default: true
        }
    }

    private func path(to end: Int, in visits: [Visit]) -> [EvidenceGraph.Edge] {
        var path: [EvidenceGraph.Edge] = []
        var current: Int? = end
        while let index = current {
            if let edge = visits[index].edge { path.append(edge) }
            current = visits[index].origin
        }
        return path.reversed()
    }
}
