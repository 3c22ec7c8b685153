// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI

extension Snapshot {
    /// Says of the kinds that somebody has consulted which could not be read.
    mutating func noteGaps(of consulted: Set<APIResource>) {
        var visitor = GapCollector(consulted: consulted)
        visitInventories(&visitor)
        if Route.kinds.contains(where: consulted.contains) { visitor.gaps += routes.gaps }
        for var gap in visitor.gaps.sorted(by: { $0.what < $1.what }) {
            Self.redact(&gap.message)
            unreadable.append(gap)
        }
    }
}

private struct GapCollector: InventoryVisitor {
    let consulted: Set<APIResource>
    var gaps: [Unreadable] = []

    mutating func visit<Object: Resource>(_ inventory: inout Inventory<Object>) {
        if consulted.contains(Object.apiResource) { gaps += inventory.gaps }
    }
}
