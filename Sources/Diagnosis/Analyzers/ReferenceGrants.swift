// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension Snapshot {
    /// Whether a route or Gateway may refer to an object of another namespace; nil if nobody can tell.
    /// - Parameters:
    ///   - target: the object.
    ///   - group: the target's group.
    ///   - kind: the kind of the object that refers, in the group of the Gateway API.
    ///   - namespace: the namespace of the object that refers.
    func isGranted(
        to target: ObjectReference,
        of group: String,
        from kind: String,
        in namespace: String
    ) -> Bool? {
        let isGranted = referenceGrants.items(in: target.namespace).contains { grant in
            let admits = grant.sources.contains {
                $0.group == ReferenceGrant.apiResource.group && $0.kind == kind && $0.namespace == namespace
            }
            return admits
                && grant.targets.contains {
                    $0.group == group && $0.kind == target.kind && ($0.name.map { $0 == target.name } ?? true)
                }
        }
        return isGranted ? true : referenceGrants.isComplete(in: target.namespace) ? false : nil
    }
}
