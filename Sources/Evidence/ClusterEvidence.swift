// SPDX-License-Identifier: Apache-2.0
public import Diagnosis
import KubeAPI
public import KubeClient

/// Looks at a live cluster through its API server.
public struct ClusterEvidence: EvidenceSource {
    /// How much is read at most.
    public struct Limits: Sendable, Hashable {
        /// Objects of one kind.
        public var objects = 20_000
        /// Containers whose log is read.
        public var logs = 10
        /// Single objects of which it is found out whether they exist.
        public var lookups = 20
        /// Lines of one log, counted from its end.
        public var logLines = 100
        /// Lines of such a log that are looked through for what says why the process ended.
        public var searchedLines = 500
        /// Containers that do well whose log is read if nothing else tells what is wrong.
        public var sampledLogs = 50
        /// Lines of one such log, counted from its end.
        public var sampledLines = 200
        /// Bytes of one log.
        public var logBytes = 256 << 10
        /// Kinds that somebody has added to the cluster, of which the objects are read when a question is about all of a
        /// namespace or of the cluster.
        ///
        /// Each takes a request, so that whoever asks often had better leave them out.
        public var customKinds = 0
        /// Whether Secrets with certificates may be read, for their dates and names.
        ///
        /// What else is in them is skipped while they are read and kept nowhere.
        public var readsSecrets = false
        /// Whether kinds are read that only tell what could be set up better, as far as the client's rights reach.
        public var readsForHygiene = false

        /// Creates the default limits.
        public init() {}
    }

    let client: KubernetesClient
    let limits: Limits
    private var lister: ObjectLister { ObjectLister(client: client, maximumObjects: limits.objects) }

    /// Creates a source.
    public init(client: KubernetesClient, limits: Limits = Limits()) {
        self.client = client
        self.limits = limits
    }

    public func snapshot(of scope: EvidenceScope) async throws(EvidenceError) -> Snapshot {
        guard scope.subject.map(Subject.isSupported) ?? true else { throw EvidenceError(unsupported: scope.subject) }
        async let customObjects = customObjects(scope)
        let reading = await readAll(scope)
        if let failure = reading.totalFailure { throw failure }
        var snapshot = reading.snapshot(of: scope, takenAt: .now)
        snapshot.customObjects.add(await customObjects, coverage: .nothing)
        await checkNamespace(scope, &snapshot)
        var consulted: Set<APIResource> = []
        await readConsulted(scope, &snapshot, besides: &consulted)
        await readForHygiene(scope, &snapshot, besides: consulted)
        await readExistence(scope, into: &snapshot)
        await readLogs(into: &snapshot)
        if scope.namespace != nil { await sampleLogs(into: &snapshot) }
        // What the logs complain about may lie in objects that nothing has given a reason to read before.
        await readConsulted(scope, &snapshot, besides: &consulted)
        await readCertificates(scope, into: &snapshot)
        await readAboutNodes(scope, into: &snapshot)
        if scope.isConfinedToNamespace, let namespace = scope.namespace { snapshot.confine(to: namespace) }
        await snapshot.redact()
        await snapshot.scanLogs()
        return snapshot
    }

    /// A server has no objects in a namespace that it does not have, and says nothing else about it.
    ///
    /// Not everybody may ask whether it is there; then it counts as there.
    private func checkNamespace(_ scope: EvidenceScope, _ snapshot: inout Snapshot) async {
        guard scope.readsOutsideNamespace, let namespace = scope.namespace,
            scope.subject?.kind ?? "Namespace" == "Namespace",
            snapshot.pods.isEmpty, snapshot.workloads.isEmpty
        else { return }
        let resource = Namespace.apiResource
        let reference = ObjectReference(
            apiVersion: resource.apiVersion,
            kind: resource.kind,
            namespace: "",
            name: namespace
        )
        guard case .success(false) = await exists(reference, resource) else { return }
        snapshot.subject = reference
        snapshot.subjectExists = false
    }

    /// The kinds that a question may be answered with.
    private func readers(_ scope: EvidenceScope) -> [InventoryReader] {
        guard scope.readsOutsideNamespace else { return InventoryReader.all.filter(\.resource.isNamespaced) }
        guard scope.isConfinedToNamespace else { return InventoryReader.all }
        return InventoryReader.all.filter {
            $0.resource.isNamespaced || Snapshot.kindsForEverybody.contains($0.resource.kind)
        }
    }

    /// Reads the kinds that analyzers consult because of what was read so far, and says which of them it could not.
    private func readConsulted(
        _ scope: EvidenceScope,
        _ snapshot: inout Snapshot,
        besides earlier: inout Set<APIResource>
    ) async {
        let consulted = Set(Analyzers.consults(in: snapshot)).subtracting(earlier)
        earlier.formUnion(consulted)
        let missing = readers(scope).filter { reader in
            consulted.contains(reader.resource) && reader.occasion.rawValue < Self.occasion(of: scope).rawValue
        }
        for outcome in await outcomes(of: missing, scope) { outcome(&snapshot) }
        snapshot.noteGaps(of: consulted)
        guard !scope.readsOutsideNamespace else { return }
        for resource in consulted.filter({ !$0.isNamespaced }).sorted(by: { $0.kind < $1.kind }) {
            snapshot.unreadable.append(
                Unreadable(
                    what: "\(resource.kind) objects",
                    reason: "Forbidden",
                    message: "nothing outside of namespaces is read by an operator that is installed for some of them"
                )
            )
        }
    }

    /// Reads the rest of what remarks are made about; what cannot be read goes without.
    private func readForHygiene(
        _ scope: EvidenceScope,
        _ snapshot: inout Snapshot,
        besides earlier: Set<APIResource>
    ) async {
        // Who asks about one object does not want to hear of all others of its namespace.
        guard limits.readsForHygiene, Self.occasion(of: scope) != .anySubject else { return }
        let missing = readers(scope).filter {
            Analyzers.hygieneKinds.contains($0.resource) && !earlier.contains($0.resource)
        }
        for outcome in await outcomes(of: missing, scope) { outcome(&snapshot) }
    }

    private func outcomes(of readers: [InventoryReader], _ scope: EvidenceScope) async -> [InventoryReader.Outcome] {
        let lister = lister
        return await withTaskGroup(of: InventoryReader.Outcome.self) { group in
            for reader in readers { group.addTask { await reader.read(lister, in: scope.namespace) } }
            var outcomes: [InventoryReader.Outcome] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
    }

    private static func occasion(of scope: EvidenceScope) -> InventoryReader.Occasion {
        guard scope.namespace != nil else { return .anyCluster }
        return scope.subject.map { $0.kind != "Namespace" } ?? false ? .anySubject : .anyNamespace
    }

    /// Finds out whether single objects exist that no list tells of.
    private func readExistence(_ scope: EvidenceScope, into snapshot: inout Snapshot) async {
        let wanted = Analyzers.lookups(in: snapshot).compactMap { reference in
            snapshot.exists(reference) != nil
                ? nil : Self.lookupKinds.first { $0.kind == reference.kind }.map { (reference, $0) }
        }.filter { scope.readsOutsideNamespace || $0.1.isNamespaced }
        if wanted.count > limits.lookups { snapshot.isTruncated = true }
        let answers = await withTaskGroup(of: (ObjectReference, Result<Bool, KubeError>).self) { group in
            for (reference, resource) in wanted.prefix(limits.lookups) {
                group.addTask { (reference, await exists(reference, resource)) }
            }
            var answers: [(ObjectReference, Result<Bool, KubeError>)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0.description < $1.0.description }
        }
        for (reference, answer) in answers {
            switch answer {
            case .success(let exists): snapshot.existence[reference.description] = exists
            case .failure(let error): snapshot.unreadable.append(Unreadable(what: reference.description, error))
            }
        }
    }

    /// The kinds of object of which analyzers want to know whether one exists.
    private static let lookupKinds = [
        APIResource(group: "", version: "v1", kind: "Service", plural: "services"),
        APIResource(group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts"),
        APIResource(
            group: "storage.k8s.io",
            version: "v1",
            kind: "StorageClass",
            plural: "storageclasses",
            isNamespaced: false
        ),
        PriorityClass.apiResource, RuntimeClass.apiResource,
    ]

    /// Only an answer of the server that there is none means that there is none.
    private func exists(_ reference: ObjectReference, _ resource: APIResource) async -> Result<Bool, KubeError> {
        let namespace = reference.namespace.isEmpty ? nil : reference.namespace
        do throws(KubeError) {
            _ = try await client.resources(NamedObject.self, of: resource, namespace: namespace).get(reference.name)
            return .success(true)
        } catch {
            return error.code == .notFound ? .success(false) : .failure(error)
        }
    }

    /// The events that tell nothing about workloads, and are many where tasks are.
    static let eventSelector = "involvedObject.kind!=DiagnosticTask"

    private func readAll(_ scope: EvidenceScope) async -> ClusterReading {
        let namespace = scope.namespace
        let lister = lister
        let eager = readers(scope).filter { $0.occasion.rawValue >= Self.occasion(of: scope).rawValue }
        return await withTaskGroup(of: ClusterReading.Part.self) { group in
            group.addTask { .pods(await lister.list(Pod.self, Pod.apiResource, namespace)) }
            group.addTask { .events(await lister.list(Event.self, Event.apiResource, namespace, Self.eventSelector)) }
            for resource in Subject.relatedWorkloads(scope.subject) {
                group.addTask { .workloads(resource.kind, await lister.list(Workload.self, resource, namespace)) }
            }
            for reader in eager { group.addTask { .inventory(await reader.read(lister, in: namespace)) } }
            var reading = ClusterReading()
            for await part in group { reading.add(part, namespace: namespace) }
            return reading
        }
    }

    /// Reads the logs of containers in trouble: two of each container of a workload are enough for all its replicas.
    private func readLogs(into snapshot: inout Snapshot) async {
        var perContainer: [String: Int] = [:]
        var wanted: [ContainerView] = []
        for container in Analyzers.logSources(in: snapshot) {
            let key = "\(snapshot.owner(of: container.pod))/\(container.status.name)"
            guard perContainer[key, default: 0] < 2 else { continue }
            perContainer[key, default: 0] += 1
            wanted.append(container)
        }
        if wanted.count > limits.logs { snapshot.isTruncated = true }
        let results = await logs(of: Array(wanted.prefix(limits.logs)), lines: limits.logLines)
        for (container, result) in zip(wanted, results) {
            switch result {
            case .success(let log): snapshot.logs.append(log)
            case .failure(let error):
                snapshot.unreadable.append(
                    Unreadable(
                        what: "log of container \(container.status.name) in pod \(container.pod.metadata.name)",
                        error
                    )
                )
            }
        }
    }

    /// Reads logs of containers that do well, if nothing has told yet what is wrong.
    ///
    /// A log that cannot be read is no gap: nothing says that there is anything in it.
    private func sampleLogs(into snapshot: inout Snapshot) async {
        let sample = Analyzers.logSample(in: snapshot, limit: limits.sampledLogs)
        for result in await logs(of: sample, lines: limits.sampledLines) {
            if case .success(let log) = result { snapshot.logs.append(log) }
        }
    }

    /// Reads logs, ten at a time.
    private func logs(of containers: [ContainerView], lines: Int) async -> [Result<ContainerLog, KubeError>] {
        await withTaskGroup(of: (Int, Result<ContainerLog, KubeError>).self) { group in
            var results: [(Int, Result<ContainerLog, KubeError>)] = []
            for (index, container) in containers.enumerated() {
                if index >= 10, let result = await group.next() { results.append(result) }
                group.addTask { (index, await log(of: container, lines: lines)) }
            }
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    func log(of container: ContainerView, lines: Int? = nil) async -> Result<ContainerLog, KubeError> {
        let pod = container.pod.metadata
        let count = lines ?? limits.logLines
        // While the kubelet waits to start it again, the present log still is that of the run that failed.
        let previous = container.status.state.running != nil && container.currentTermination != nil
        do throws(KubeError) {
            let text = try await client.resources(Pod.self, namespace: pod.namespace).logs(
                pod.name,
                LogOptions(
                    container: container.status.name,
                    previous: previous,
                    tailLines: max(count, limits.searchedLines),
                    limitBytes: limits.logBytes
                )
            )
            let lines = LogTail.of(text.split(whereSeparator: \.isNewline).map(\.utf8), last: count)
            return .success(
                ContainerLog(
                    namespace: pod.namespace ?? "",
                    pod: pod.name,
                    container: container.status.name,
                    isPrevious: previous,
                    lines: lines.map { String(Substring($0)) }
                )
            )
        } catch {
            return .failure(error)
        }
    }
}
