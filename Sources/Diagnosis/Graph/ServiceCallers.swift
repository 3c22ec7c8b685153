// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Which Services hang on one workload alone, and who calls them.
struct ServiceCallers {
    private let graph: EvidenceGraph
    private var servicesOfBackend: [ObjectKey: [ObjectReference]] = [:]
    private var callersOfService: [ObjectKey: [ObjectReference]] = [:]

    init(in snapshot: Snapshot) {
        graph = EvidenceGraph(snapshot)
        for service in snapshot.services.items {
            let reference = service.reference
            let backends = graph.dependencies(of: reference).filter { $0.relation == .backend }.map(\.object)
            // A Service that has other backends too, such as the other half of a blue and green pair, loses nothing.
            guard backends.count == 1, let only = backends.first else { continue }
            servicesOfBackend[ObjectKey(only), default: []].append(reference)
        }
        for (number, object) in graph.objects.enumerated() {
            for edge in graph.edges[number] where edge.relation == .traffic {
                callersOfService[ObjectKey(graph.objects[edge.target]), default: []].append(object)
            }
        }
    }

    /// The Services behind which there is nothing but one workload.
    func services(only workload: ObjectReference) -> [ObjectReference] { servicesOfBackend[ObjectKey(workload)] ?? [] }

    /// What calls a Service, but for one workload that may be its own.
    func callers(of service: ObjectReference, besides workload: ObjectReference) -> [ObjectReference] {
        (callersOfService[ObjectKey(service)] ?? []).filter { ObjectKey($0) != ObjectKey(workload) }
    }
}
