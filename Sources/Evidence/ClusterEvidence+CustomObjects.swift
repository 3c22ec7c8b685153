// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import KubeClient

extension ClusterEvidence {
    /// The most objects of one kind that somebody has added.
    private static let maximumObjects = 1000

    /// Reads what the objects of added kinds say of themselves, if the question is about everything.
    ///
    /// Not everybody may read all of them, and some servers of added APIs do not answer: neither says that anything is
    /// wrong, so it is no gap.
    func customObjects(_ scope: EvidenceScope) async -> [CustomObject] {
        guard limits.customKinds > 0, !scope.isConfinedToNamespace,
            scope.subject.map({ $0.kind == "Namespace" }) ?? true,
            let kinds = try? await CustomKinds.all(of: client, in: scope.namespace, limit: limits.customKinds)
        else { return [] }
        let lister = ObjectLister(client: client, maximumObjects: Self.maximumObjects)
        return await withTaskGroup(of: [CustomObject].self) { group in
            var objects: [CustomObject] = []
            for (index, kind) in kinds.enumerated() {
                if index >= 10, let found = await group.next() { objects += found }
                group.addTask {
                    let page = await lister.list(
                        CustomObject.self,
                        kind,
                        kind.isNamespaced ? scope.namespace : nil
                    )
                    guard case .success(let page) = page else { return [] }
                    // The items of a list do not say what they are.
                    return page.items.map { item in
                        var item = item
                        item.apiVersion = kind.apiVersion
                        item.kind = kind.kind
                        return item
                    }
                }
            }
            for await found in group { objects += found }
            return objects
        }
    }
}
