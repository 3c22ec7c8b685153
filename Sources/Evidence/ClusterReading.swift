// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import KubeClient

/// What came back from reading a namespace or a cluster, before it is cut down to the question.
struct ClusterReading {
    struct Page<Object: KubernetesObject>: Sendable {
        var items: [Object]
        var isTruncated: Bool
    }

    enum Part: Sendable {
        case pods(Result<Page<Pod>, KubeError>)
        case events(Result<Page<Event>, KubeError>)
        case workloads(String, Result<Page<Workload>, KubeError>)
        case inventory(InventoryReader.Outcome)
    }

    private var pods: [Pod] = []
    private var events: [Event] = []
    private var workloads: [Workload] = []
    private var unreadable: [Unreadable] = []
    private var unreadableKinds: Set<String> = []
    private var coverage: [String: Coverage] = [:]
    private var inventories: [InventoryReader.Outcome] = []
    private var isTruncated = false
    private var hasAnswer = false
    private var lastError: KubeError?

    /// Why nothing at all could be read, if that is so.
    var totalFailure: EvidenceError? {
        guard !hasAnswer, let lastError else { return nil }
        let code: EvidenceError.Code = lastError.code == .cancelled ? .cancelled : .unreachable
        return EvidenceError(code: code, message: lastError.message, cause: lastError)
    }

    mutating func add(_ part: Part, namespace: String?) {
        switch part {
        case .inventory(let outcome): inventories.append(outcome)
        case .pods(let result): pods = take(result, kind: "Pod", namespace)
        case .events(let result): events = take(result, kind: "Event", namespace)
        case .workloads(let kind, let result):
            workloads += take(result, kind: kind, namespace).map { workload in
                var workload = workload
                workload.kind = kind
                return workload
            }
        }
    }

    private mutating func take<Object>(
        _ result: Result<Page<Object>, KubeError>,
        kind: String,
        _ namespace: String?
    ) -> [Object] {
        switch result {
        case .success(let page):
            hasAnswer = true
            isTruncated = isTruncated || page.isTruncated
            if !page.isTruncated { coverage[kind] = Self.coverage(namespace) }
            return page.items
        case .failure(let error):
            lastError = error
            // A refusal is an answer too: the cluster is there.
            if error.status != nil { hasAnswer = true }
            // A kind that the server does not serve has no objects.
            guard error.code != .notFound else {
                coverage[kind] = Self.coverage(namespace)
                return []
            }
            unreadableKinds.insert(kind)
            unreadable.append(
                Unreadable(kind: kind, isNamespaced: true, namespace, error)
            )
            return []
        }
    }

    private static func coverage(_ namespace: String?) -> Coverage {
        namespace.map { .namespaces([$0]) } ?? .everything
    }

    func snapshot(of scope: EvidenceScope, takenAt now: Timestamp) -> Snapshot {
        var snapshot = Snapshot(subject: scope.subject, takenAt: now)
        snapshot.isOfWholeCluster = scope.subject == nil && scope.namespace == nil
        snapshot.unreadable = unreadable.sorted { $0.what < $1.what }
        snapshot.isTruncated = isTruncated
        snapshot.coverage = coverage
        for inventory in inventories { inventory(&snapshot) }
        // The kinds are read at the same time and arrive in any order; the same state has to give the same answer.
        let containsSubject = snapshot.fill(
            pods: pods,
            workloads: workloads.sorted { left, right in
                (left.kind, left.metadata.namespace ?? "", left.metadata.name)
                    < (right.kind, right.metadata.namespace ?? "", right.metadata.name)
            },
            events: events
        )
        if let subject = scope.subject, subject.kind != "Namespace" {
            let isKnown = !unreadableKinds.contains(subject.kind)
            snapshot.subjectExists = containsSubject ? true : (isKnown ? false : nil)
        }
        return snapshot
    }
}

extension Unreadable {
    init(kind: String, isNamespaced: Bool, _ namespace: String?, _ error: KubeError) {
        let place = isNamespaced ? " in \(namespace.map { "namespace \($0)" } ?? "all namespaces")" : ""
        self.init(what: "\(kind) objects\(place)", error)
    }

    init(what: String, _ error: KubeError) {
        let name = error.code.description
        self.init(what: what, reason: name.prefix(1).uppercased() + name.dropFirst(), message: error.message)
    }
}
