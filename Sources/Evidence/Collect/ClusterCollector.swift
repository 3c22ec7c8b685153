// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
public import KubeClient
import Redaction

/// Saves what a diagnosis looks at, as a bundle that ``BundleEvidence`` reads.
///
/// Objects are read page by page and let go of as soon as they are written, so that a cluster of any size takes the
/// memory of one page. Everything is redacted; Secrets are not read at all. The lists of several pages are marked as
/// parts, and what says that nothing else exists is written only once all of them have come.
public struct ClusterCollector: Sendable {
    /// How much is read at most.
    public struct Limits: Sendable, Hashable {
        /// Objects on one page.
        public var pageObjects = 250
        /// Containers whose log is read.
        public var logs = 500
        /// Kinds that somebody has added to the cluster.
        public var customKinds = 200
        /// Namespaces in which it is noted of what kinds there is nothing.
        public var namespaces = 1000

        /// Creates the default limits.
        public init() {}
    }

    /// Something that has been done.
    public enum Progress: Sendable, Hashable {
        /// All objects of a kind have been written.
        case listed(plural: String, count: Int)
        /// Something could not be read.
        case refused(what: String, message: String)
        /// The logs have been written.
        case logs(count: Int)
    }

    let client: KubernetesClient
    let limits: Limits

    /// Creates a collector.
    public init(client: KubernetesClient, limits: Limits = Limits()) {
        self.client = client
        self.limits = limits
    }

    /// Saves a namespace with what it stands on, or the whole cluster.
    /// - Parameters:
    ///   - namespace: nil for all of them.
    ///   - write: takes the bytes of a `tar.gz`, one piece after the other.
    ///   - progress: is told what has been done.
    /// - Throws: ``EvidenceError`` if nothing at all could be read, or what `write` throws.
    public func collect(
        namespace: String?,
        write: @escaping ([UInt8]) throws -> Void,
        progress: (Progress) -> Void
    ) async throws {
        let now = Timestamp.now
        var bundle = BundleWriter(now, write)
        var run = CollectionRun(namespace: namespace, limits: limits)
        for versions in Self.kinds {
            try await list(versions, &run, &bundle, progress)
            // Who does not answer the first question does not answer the others either.
            guard run.hasAnswer || run.lastError == nil else { break }
        }
        if !run.hasAnswer, let error = run.lastError {
            throw EvidenceError(
                code: error.code == .cancelled ? .cancelled : .unreachable,
                message: error.message,
                cause: error
            )
        }
        try await listNodeEvents(&run, &bundle, progress)
        try await listCustomObjects(&run, &bundle, progress)
        try await writeLogs(&run, &bundle, progress)
        run.collection.collectedAt = now
        run.collection.serverVersion = try? await client.serverVersion().gitVersion
        try bundle.add([Collection.path], JSON.encode(run.collection))
        try bundle.finish()
    }

    /// What is saved, each kind in the versions that servers serve it in; namespaces first, for their names are needed.
    private static let kinds: [[APIResource]] =
        [[Namespace.apiResource], [Pod.apiResource], [Event.apiResource]] + Workload.kinds.map { [$0] }
        + InventoryReader.all.filter { $0.resource.kind != Namespace.apiResource.kind }.map(\.versions)

    private func list(
        _ versions: [APIResource],
        _ run: inout CollectionRun,
        _ bundle: inout BundleWriter,
        _ progress: (Progress) -> Void
    ) async throws {
        for (index, version) in versions.enumerated() {
            run.begin()
            switch try await list(version, &run, &bundle) {
            case nil: return progress(.listed(plural: version.plural, count: run.count))
            case let error?:
                run.note(error)
                // A kind that the server does not serve has no objects.
                guard error.code != .notFound else {
                    guard index == versions.count - 1 else { continue }
                    return try bundle.add(run.emptyLists(of: versions[0]))
                }
                let gap = Unreadable(
                    kind: version.kind,
                    isNamespaced: version.isNamespaced,
                    version.isNamespaced ? run.namespace : nil,
                    error
                )
                run.add(Collection.Gap(kind: version.kind, gap))
                return progress(.refused(what: gap.what, message: gap.message))
            }
        }
    }

    /// Writes what happened to the nodes on which the namespace's pods are, if it is one namespace that is saved.
    ///
    /// The server keeps these events in another namespace. Who may not read them there misses nothing of his own, so
    /// that this leaves no gap.
    private func listNodeEvents(
        _ run: inout CollectionRun,
        _ bundle: inout BundleWriter,
        _ progress: (Progress) -> Void
    ) async throws {
        guard let namespace = run.namespace, namespace != NodeEvents.namespace, !run.nodes.isEmpty else { return }
        switch await NodeEvents.list(DynamicObject.self, with: client, limit: limits.pageObjects) {
        case .success(let events): try bundle.add(run.nodeEvents(events))
        case .failure(let error):
            progress(.refused(what: "events about nodes", message: error.message))
        }
    }

    /// Writes the kinds that somebody has added to the cluster, as far as they can be read.
    private func listCustomObjects(
        _ run: inout CollectionRun,
        _ bundle: inout BundleWriter,
        _ progress: (Progress) -> Void
    ) async throws {
        let kinds: [APIResource]
        do throws(KubeError) {
            kinds = try await CustomKinds.all(of: client, in: run.namespace, limit: limits.customKinds)
        } catch {
            return progress(.refused(what: "the kinds that were added to the cluster", message: error.message))
        }
        for kind in kinds {
            run.begin()
            if let error = try await list(kind, &run, &bundle) {
                // Nothing is inferred from the absence of such an object, so that this leaves no gap.
                progress(.refused(what: kind.plural + "." + kind.group, message: error.message))
            } else {
                progress(.listed(plural: kind.plural, count: run.count))
            }
        }
    }

    /// Writes one kind, page by page.
    /// - Returns: why not all of it could be read.
    private func list(
        _ resource: APIResource,
        _ run: inout CollectionRun,
        _ bundle: inout BundleWriter
    ) async throws -> KubeError? {
        let isEvent = resource.kind == Event.apiResource.kind
        let objects = client.resources(
            DynamicObject.self,
            of: resource,
            namespace: resource.isNamespaced ? run.namespace : nil
        )
        var options = ListOptions(
            fieldSelector: isEvent ? ClusterEvidence.eventSelector : nil,
            limit: limits.pageObjects
        )
        while true {
            let page: ResourceList<DynamicObject>
            do throws(KubeError) { page = try await objects.list(options) } catch { return error }
            let token = page.metadata.continueToken.flatMap { $0.isEmpty ? nil : $0 }
            try bundle.add(run.lists(of: resource, page.items, isLast: token == nil))
            guard let token else { return nil }
            options.continueToken = token
        }
    }

    /// Writes the logs of containers in trouble, as a diagnosis reads them.
    private func writeLogs(
        _ run: inout CollectionRun,
        _ bundle: inout BundleWriter,
        _ progress: (Progress) -> Void
    ) async throws {
        let source = ClusterEvidence(client: client)
        var count = 0
        for container in run.containers {
            let pod = container.pod.metadata
            switch await source.log(of: container) {
            case .success(let log):
                let name = log.container + (log.isPrevious ? ".previous.log" : ".log")
                let text = Redaction.redact(lines: log.lines).map { $0 + "\n" }.joined()
                try bundle.add(["logs", log.namespace, log.pod, name], Array(text.utf8))
                count += 1
            case .failure(let error):
                let what = "log of container \(container.status.name) in pod \(pod.name)"
                let gap = Unreadable(what: what, error)
                run.add(Collection.Gap(kind: "", gap))
                progress(.refused(what: what, message: gap.message))
            }
        }
        progress(.logs(count: count))
    }
}
