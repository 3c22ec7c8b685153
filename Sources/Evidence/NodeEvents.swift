// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient

/// What happened to nodes.
///
/// Events of objects without a namespace are kept in the namespace `default`, where a question about another one does not
/// look.
enum NodeEvents {
    /// Where the server keeps them.
    static let namespace = "default"
    /// The most pages that are read.
    private static let maximumPages = 20

    /// Lists the events about all nodes.
    static func list<Object: KubernetesObject>(
        _ type: Object.Type,
        with client: KubernetesClient,
        limit: Int
    ) async -> Result<[Object], KubeError> {
        let lister = ObjectLister(client: client, maximumObjects: limit * maximumPages)
        return await lister.list(type, Event.apiResource, namespace, "involvedObject.kind=\(Node.apiResource.kind)")
            .map(\.items)
    }
}

extension [Pod] {
    /// The nodes that the pods are bound to.
    var nodeNames: Set<String> { Set(compactMap(\.spec.nodeName).filter { !$0.isEmpty }) }
}

extension Event {
    /// Whether it is about one of these nodes.
    func isAboutNode(among nodes: Set<String>) -> Bool {
        involvedObject.kind == Node.apiResource.kind && nodes.contains(involvedObject.name)
    }
}
