// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension ResourceClient {
    /// Refuses to write back a type that does not write what it has read: the server would take the rest for removed.
    func checkIsWritable() throws(KubeError) {
        guard Object.self is any ObservedResource.Type else { return }
        throw KubeError(
            code: .badRequest,
            message: "\(Object.self) only writes its identity, so that writing one back would remove everything else: "
                + "change the \(resource.kind) by a patch, or by a type of your own or DynamicObject"
        )
    }
}
