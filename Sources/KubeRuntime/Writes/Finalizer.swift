// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI
public import KubeClient

/// Keeps objects from going before what was made for them outside the cluster is cleaned up.
///
/// Nothing is done outside before the finalizer is stored, and it is removed only once the clean-up has succeeded. The
/// clean-up may run more than once, so it has to bear that. Finalizers of others are left alone: each write is bound to
/// the version of the list that it was made from, and made anew from a fresh one if somebody else was faster.
///
/// ```swift
/// return try await finalizer.reconcile(web) { web in
///     try await register(web)
///     return .done
/// } cleanUp: { web in
///     try await unregister(web)
/// }
/// ```
public struct Finalizer<Object: Resource>: Sendable {
    /// How often a write is tried while others change the object.
    public static var maximumTries: Int { 5 }

    /// The name that stands in `metadata.finalizers`.
    public let name: String
    private let client: KubernetesClient

    /// Creates a finalizer.
    /// - Parameter name: a domain, a slash and a word, such as `example.com/dns-record`.
    public init(_ name: String, client: KubernetesClient) {
        self.name = name
        self.client = client
    }

    /// Does what is to be done for the object: applies it while it is to be there, cleans up once it is to go.
    /// - Parameters:
    ///   - object: as the cache has it.
    ///   - apply: is called for an object that is to be there, when the finalizer is stored.
    ///   - cleanUp: is called for an object that is to go and has the finalizer.
    /// - Returns: what `apply` returns; ``ReconcileResult/done`` for an object that goes.
    /// - Throws: what the closures throw; `KubeError` with the code `conflict` if the object has changed during each of
    ///   ``maximumTries`` tries. Either way the finalizer stays.
    public func reconcile(
        _ object: Object,
        apply: (Object) async throws -> ReconcileResult,
        cleanUp: (Object) async throws -> Void
    ) async throws -> ReconcileResult {
        if object.metadata.deletionTimestamp == nil {
            guard let stored = try await add(to: object) else { return .done }
            return try await apply(stored)
        }
        guard object.metadata.finalizers.contains(name) else { return .done }
        try await cleanUp(object)
        try await remove(from: object)
        return .done
    }

    /// Stores the finalizer.
    /// - Returns: the object that has it; nil if the object is gone or to go.
    /// - Throws: `KubeError` with the code `conflict` if the object has changed during each try.
    public func add(to object: Object) async throws(KubeError) -> Object? {
        try await change(object) { metadata in
            guard metadata.deletionTimestamp == nil else { return nil }
            return metadata.finalizers.contains(name) ? metadata.finalizers : metadata.finalizers + [name]
        }
    }

    /// Removes the finalizer, and no other one.
    /// - Throws: `KubeError` with the code `conflict` if the object has changed during each try.
    public func remove(from object: Object) async throws(KubeError) {
        _ = try await change(object) { metadata in metadata.finalizers.filter { $0 != name } }
    }

    private func change(
        _ object: Object,
        _ wanted: (ObjectMeta) -> [String]?
    ) async throws(KubeError) -> Object? {
        let objects = client.resources(Object.self, namespace: object.metadata.namespace)
        var current = object
        var attempt = 1
        while true {
            guard let finalizers = wanted(current.metadata) else { return nil }
            if finalizers == current.metadata.finalizers { return current }
            do throws(KubeError) {
                let change = Change(finalizers: finalizers, version: current.metadata.resourceVersion)
                return try await objects.patch(current.metadata.name, .merge(change))
            } catch {
                if error.code == .notFound { return nil }
                guard error.code == .conflict, attempt < Self.maximumTries else { throw error }
            }
            attempt += 1
            // From the server: the cache may lag behind what has just got in the way.
            do throws(KubeError) {
                let fresh = try await objects.get(current.metadata.name)
                // Another object under the same name is another reconciliation's affair.
                guard fresh.metadata.uid == object.metadata.uid else { return nil }
                current = fresh
            } catch {
                guard error.code == .notFound else { throw error }
                return nil
            }
        }
    }

    /// The list as it is to be, for one version of the object only.
    private struct Change: JSONEncodable {
        var finalizers: [String]
        var version: String?

        func encode(to writer: inout JSONWriter) {
            writer.object { writer in
                writer.field(
                    "metadata",
                    object: { writer in
                        writer.field("resourceVersion", version)
                        writer.field("finalizers", finalizers)
                    }
                )
            }
        }
    }
}
