// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import KubeClient

extension ClusterEvidence {
    /// Reads what goes with the nodes, once somebody has had a reason to read these: the version of the server, and what
    /// happened to the nodes of the pods.
    ///
    /// Not everybody may read events of another namespace, and nothing is inferred from there being none: it is no gap.
    func readAboutNodes(_ scope: EvidenceScope, into snapshot: inout Snapshot) async {
        guard !snapshot.nodes.items.isEmpty, !scope.isConfinedToNamespace, scope.readsOutsideNamespace else { return }
        snapshot.serverVersion = try? await client.serverVersion().gitVersion
        guard let namespace = scope.namespace, namespace != NodeEvents.namespace else { return }
        let nodes = snapshot.allPods.nodeNames
        guard case .success(let events) = await NodeEvents.list(Event.self, with: client, limit: 500) else { return }
        for event in events where event.isAboutNode(among: nodes) { snapshot.add(event) }
    }
}
