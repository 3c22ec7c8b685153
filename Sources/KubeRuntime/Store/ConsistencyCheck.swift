// SPDX-License-Identifier: Apache-2.0
import KubeAPI
public import KubeClient

/// How the content of a store differs from the server's, at one version.
public struct Inconsistency: Sendable, Hashable {
    /// The version at which the two were compared.
    public var resourceVersion: String
    /// The objects that the server has and the store does not.
    public var missing: Set<ObjectKey> = []
    /// The objects that the store has and the server does not.
    public var unexpected: Set<ObjectKey> = []
    /// The objects of which the two have other versions.
    public var different: Set<ObjectKey> = []

    /// Whether the two are the same.
    public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && different.isEmpty }
}

extension Store {
    /// Compares the store with the server, at exactly the version that the store holds.
    ///
    /// For tests that let a program run for long: it reads the whole collection each time. The store must be that of an
    /// informer of one source.
    /// - Parameters:
    ///   - source: where the informer gets its objects.
    ///   - labelSelector: the informer's selector of labels.
    ///   - fieldSelector: the informer's selector of fields.
    /// - Throws: ``/KubeClient/KubeError`` with ``/KubeClient/KubeError/Code/expired`` if the server no longer has that version: try again later.
    public func inconsistency<Source: ListerWatcher>(
        with source: Source,
        labelSelector: String? = nil,
        fieldSelector: String? = nil
    ) async throws(KubeError) -> Inconsistency where Source.Object == Object {
        let (objects, version) = snapshotWithVersion()
        var result = Inconsistency(resourceVersion: version, unexpected: Set(objects.keys))
        var options = ListOptions(
            labelSelector: labelSelector,
            fieldSelector: fieldSelector,
            resourceVersion: version,
            resourceVersionMatch: .exact,
            limit: 500
        )
        while true {
            let page = try await source.list(options) { object in
                let key = ObjectKey(object)
                result.unexpected.remove(key)
                guard let stored = objects[key] else {
                    _ = result.missing.insert(key)
                    return
                }
                if !stored.isSameVersion(as: object) { result.different.insert(key) }
            }
            guard let token = page.continueToken, !token.isEmpty else { return result }
            options.continueToken = token
            options.resourceVersion = nil
            options.resourceVersionMatch = nil
        }
    }
}
