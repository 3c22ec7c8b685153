// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI
public import KubeClient

/// Keeps objects from going before what was made for them outside the cluster is cleaned up.
///
/// Nothing is done outside before the finalizer is stored, and it is removed only once the clean-up has succeeded. The
/// clean-up may run more than once, so it has to bear that. Finalizers of others are left alone: each write is a JSON
/// patch that tests the list it was made from, and made anew from a fresh one if somebody else was faster.
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

    private static var list: JSONPointer { JSONPointer("metadata", "finalizers") }

    /// The name that stands in `metadata.finalizers`.
    public let name: String
    private let client: KubernetesClient

    /// Creates a finalizer.
    /// - Parameters:
    ///   - name: a domain, a slash and a word, such as `example.com/dns-record`.
    ///   - client: the connection to the API server.
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
    /// - Throws: what the closures throw; `KubeError` with the code `invalid` or `conflict` if the list has changed
    ///   during each of ``maximumTries`` tries. Either way the finalizer stays.
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
    /// - Throws: `KubeError` with the code `invalid` or `conflict` if the list has changed during each try.
    public func add(to object: Object) async throws(KubeError) -> Object? {
        try await change(object) { metadata in
            guard metadata.deletionTimestamp == nil else { return nil }
            if metadata.finalizers.contains(name) { return [] }
            let isEmpty = metadata.finalizers.isEmpty
            let names = metadata.finalizers.map { JSONValue.string($0) }
            return [
                .test(Self.list, isEmpty ? .null : .array(names)),
                isEmpty
                    ? .add(Self.list, .array([.string(name)]))
                    : .add(Self.list.appending("-"), .string(name)),
            ]
        }
    }

    /// Removes the finalizer, and no other one.
    /// - Throws: `KubeError` with the code `invalid` or `conflict` if the list has changed during each try.
    public func remove(from object: Object) async throws(KubeError) {
        _ = try await change(object) { metadata in
            guard let index = metadata.finalizers.firstIndex(of: name) else { return [] }
            let path = Self.list.appending("\(index)")
            return [.test(path, .string(name)), .remove(path)]
        }
    }

    private func change(
        _ object: Object,
        _ operations: (ObjectMeta) -> [JSONPatchOperation]?
    ) async throws(KubeError) -> Object? {
        let objects = client.resources(Object.self, namespace: object.metadata.namespace)
        var current = object
        var attempt = 1
        while true {
            guard var patch = operations(current.metadata) else { return nil }
            if patch.isEmpty { return current }
            if let uid = object.metadata.uid {
                patch.insert(.test(JSONPointer("metadata", "uid"), .string(uid)), at: 0)
            }
            do throws(KubeError) {
                return try await objects.patch(current.metadata.name, .json(patch))
            } catch {
                if error.code == .notFound { return nil }
                // A failed test is an invalid patch to the server; two writes at the same time are a conflict.
                guard [.invalid, .conflict].contains(error.code), attempt < Self.maximumTries else { throw error }
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
}
