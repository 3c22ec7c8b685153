// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient

/// Makes and deletes the operator's objects in one cluster.
struct ObjectWriter: Sendable {
    let client: KubernetesClient

    private func resources(_ object: ManagedObject) -> ResourceClient<DynamicObject> {
        client.resources(DynamicObject.self, of: object.resource, namespace: object.namespace)
    }

    /// Makes an object, or brings it in line.
    func apply(_ object: ManagedObject) async throws(KubeError) {
        let patch = Patch.apply(object.value, fieldManager: FieldManager.operator)
        _ = try await resources(object).patch(object.name, patch)
    }

    /// Makes objects one after the other.
    func apply(_ objects: [ManagedObject]) async throws(KubeError) {
        for object in objects { try await apply(object) }
    }

    /// Deletes an object; that there is none is as good.
    /// - Parameter uid: the only one of that name to delete; nil for whichever there is.
    func delete(_ object: ManagedObject, uid: String? = nil) async throws(KubeError) {
        do throws(KubeError) {
            try await resources(object).delete(object.name, DeleteOptions(propagation: .background, uid: uid))
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }

    /// Deletes objects one after the other; one that cannot be deleted does not keep the others.
    func delete(_ objects: [ManagedObject]) async throws(KubeError) {
        try await each(objects) { object throws(KubeError) in try await delete(object) }
    }

    /// Deletes those objects that were made for a cluster's agent; others of the same names stay.
    func delete(_ objects: [ManagedObject], madeFor cluster: String) async throws(KubeError) {
        try await each(objects) { object throws(KubeError) in
            guard let found = try await metadata(object), found.labels[LabelKey.cluster] == cluster else { return }
            try await delete(object, uid: found.uid)
        }
    }

    private func each(
        _ objects: [ManagedObject],
        _ act: (ManagedObject) async throws(KubeError) -> Void
    ) async throws(KubeError) {
        var failure: KubeError?
        for object in objects {
            do throws(KubeError) { try await act(object) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// What is known of an object besides its content; nil if there is none.
    func metadata(_ object: ManagedObject) async throws(KubeError) -> ObjectMeta? {
        let objects = client.resources(
            PartialObjectMetadata.self,
            of: object.resource,
            namespace: object.namespace
        )
        do throws(KubeError) {
            return try await objects.get(object.name).metadata
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
