// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A NetworkPolicy keeps pods from a Service that they need.
    public static let networkPolicyBlocksTraffic = CauseClass(rawValue: "NetworkPolicyBlocksTraffic")
    /// A NetworkPolicy keeps pods from resolving names.
    public static let networkPolicyBlocksDNS = CauseClass(rawValue: "NetworkPolicyBlocksDNS")
}

/// NetworkPolicies that cut a path that is seen to be used, and to fail.
///
/// Most policies are meant to cut something. One counts only if a process complains that it does not get through, and the
/// policies say that it cannot. What the network plugin makes of them cannot be seen: an answer of any kind, a refusal
/// included, shows that a path is open.
struct NetworkPolicyAnalyzer: Analyzer {
    /// The most lines of each log that are looked at, from its end.
    static let maximumLines = 300
    /// The most complaints that are followed.
    private static let maximumComplaints = 200
    private static let silence = PhraseMatcher([
        "timed out", "timeout", "deadline exceeded", "etimedout", "no route to host", "ehostunreach", "unreachable",
        "no reachable servers",
    ])
    private static let unresolved = PhraseMatcher([
        "temporary failure in name resolution", "eai_again", "server misbehaving", "name resolution", "lookup ",
        "could not resolve host", "resolve timed out", "unknownhostexception", "getaddrinfo",
    ])

    private static let absence = PhraseMatcher(["no such host"])

    func consults(in snapshot: Snapshot) -> [APIResource] {
        snapshot.networkPolicies.items.isEmpty || snapshot.logs.isEmpty ? [] : [NetworkPolicy.apiResource]
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard !snapshot.networkPolicies.items.isEmpty, !snapshot.logs.isEmpty else { return [] }
        let reach = NetworkReach(snapshot)
        let backends = ServiceBackends(snapshot)
        var seen: Set<String> = []
        let complaints = complaints(in: snapshot)
        let named = complaints.flatMap { complaint -> [Finding] in
            if let finding = nameFinding(complaint, reach, snapshot) { return [finding] }
            return serviceFindings(complaint, reach, backends, snapshot)
        }
        return (named + unnamedFindings(complaints, reach, backends, snapshot)).filter {
            seen.insert("\($0.causeClass) \($0.object) \($0.owner) \($0.related)").inserted
        }
    }

    // MARK: Complaints

    struct Complaint {
        var pod: Pod
        var container: String
        var line: String
        var isAboutName: Bool
    }

    private func complaints(in snapshot: Snapshot) -> [Complaint] {
        var complaints: [Complaint] = []
        for log in snapshot.logs {
            guard let pod = snapshot.pod(log.pod, in: log.namespace), snapshot.isSubject(pod),
                // What the run before said counts while the present one does no better.
                !log.isPrevious || !pod.status.isReady
            else { continue }
            // The last complaint about each kind of thing is enough, and the one that still counts.
            for line in log.lines.suffix(Self.maximumLines).reversed() {
                guard complaints.count < Self.maximumComplaints else { return complaints }
                guard line.utf8.count <= 4096 else { continue }
                let isName = Self.unresolved.matches(anyIn: line)
                guard isName || Self.silence.matches(anyIn: line) else { continue }
                complaints.append(Complaint(pod: pod, container: log.container, line: line, isAboutName: isName))
            }
        }
        return complaints
    }

    // MARK: Names

    private func nameFinding(_ complaint: Complaint, _ reach: NetworkReach, _ snapshot: Snapshot) -> Finding? {
        guard complaint.isAboutName, !Self.absence.matches(anyIn: complaint.line) else { return nil }
        let policies = reach.egressBlocks(from: complaint.pod, port: 53, transports: ["UDP", "TCP"])
        guard let policy = policies.first else { return nil }
        return finding(
            .networkPolicyBlocksDNS,
            policy,
            complaint,
            "it lets the pods of \(snapshot.owner(of: complaint.pod).name) ask nobody on port 53, and they cannot resolve names",
            0.92,
            [snapshot.owner(of: complaint.pod)]
        )
    }

    // MARK: Services

    private func serviceFindings(
        _ complaint: Complaint,
        _ reach: NetworkReach,
        _ backends: ServiceBackends,
        _ snapshot: Snapshot
    ) -> [Finding] {
        let namespace = complaint.pod.metadata.namespace ?? ""
        return snapshot.services.items.compactMap { service in
            // If one port is open the complaint may be about something else.
            guard Self.isTarget(service, of: complaint.line, from: namespace),
                let path = path(from: complaint.pod, to: service, reach, backends, snapshot), path.isWhollyBlocked,
                let policy = path.policies.first
            else { return nil }
            return finding(policy, complaint, path, confidence: 0.85, snapshot)
        }
    }

    /// The way from a pod to a Service.
    struct Path {
        var service: Service
        /// Whose pods are behind it.
        var owner: ObjectReference
        /// The policies that keep the pod from some port of it.
        var policies: [NetworkPolicy]
        /// Whether no port of it is open to the pod.
        var isWhollyBlocked: Bool
    }

    /// The way from a pod to a Service; nil if there is nobody behind it, or the pod's own workload.
    func path(
        from client: Pod,
        to service: Service,
        _ reach: NetworkReach,
        _ backends: ServiceBackends,
        _ snapshot: Snapshot
    ) -> Path? {
        guard let server = backends.pods(behind: service).first(where: \.status.isReady) else { return nil }
        let owner = snapshot.owner(of: server)
        guard owner != snapshot.owner(of: client) else { return nil }
        let blocked = service.ports.map { port -> [NetworkPolicy] in
            let number =
                port.targetPort?.intValue ?? port.targetPort.map { named in
                    server.spec.containers.flatMap(\.ports).first { $0.name == named.stringValue }?.number ?? port.port
                } ?? port.port
            return reach.ingressBlocks(from: client, to: server, port: number, transport: port.transport)
                + reach.egressBlocks(from: client, to: server, port: number, transport: port.transport)
        }
        return Path(
            service: service,
            owner: owner,
            policies: blocked.flatMap(\.self),
            isWhollyBlocked: !blocked.isEmpty && blocked.allSatisfy { !$0.isEmpty }
        )
    }

    /// What there is to say about a policy that keeps a program from a Service.
    func finding(
        _ policy: NetworkPolicy,
        _ complaint: Complaint,
        _ path: Path,
        confidence: Double,
        _ snapshot: Snapshot
    ) -> Finding {
        let client = snapshot.owner(of: complaint.pod)
        return finding(
            .networkPolicyBlocksTraffic,
            policy,
            complaint,
            "it keeps the pods of \(client.name) from Service \(path.service.metadata.name), which they try to reach",
            confidence,
            [client, path.service.reference, path.owner]
        )
    }

    /// Whether a line names a Service as an address: with a port, with its namespace, or by its number.
    static func isTarget(_ service: Service, of line: String, from namespace: String) -> Bool {
        if let address = service.clusterIP, address != "None", line.utf8.containsWord(Array(address.utf8)) {
            return true
        }
        guard line.utf8.containsWord(Array(service.metadata.name.utf8)) else { return false }
        let place = service.metadata.namespace ?? ""
        if line.contains("\(service.metadata.name).\(place)") { return true }
        return place == namespace
            && (line.contains("\(service.metadata.name):") || line.contains("//\(service.metadata.name)"))
    }

    private func finding(
        _ causeClass: CauseClass,
        _ policy: NetworkPolicy,
        _ complaint: Complaint,
        _ message: String,
        _ confidence: Double,
        _ related: [ObjectReference]
    ) -> Finding {
        let reference = policy.reference
        return Finding(
            causeClass: causeClass,
            object: complaint.pod.reference,
            owner: reference,
            severity: .high,
            message: message,
            confidence: confidence,
            isCause: true,
            evidence: [
                EvidenceItem(
                    kind: .log,
                    source: "log of container \(complaint.container)",
                    object: complaint.pod.reference,
                    text: LogLine.shortened(complaint.line)
                ),
                .field("spec", of: reference, "no rule allows it"),
            ],
            related: related
        )
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard [.networkPolicyBlocksTraffic, .networkPolicyBlocksDNS].contains(cause.causeClass) else { return [] }
        let isDNS = cause.causeClass == .networkPolicyBlocksDNS
        return [
            Recommendation(
                title: isDNS ? "Allow port 53 to the DNS pods" : "Allow the traffic in a policy",
                description: isDNS
                    ? "A policy that restricts egress has to allow UDP and TCP port 53 to kube-system as well."
                    : "Policies add up: another one that allows it is enough. Both sides may need it.",
                command: "kubectl -n \(cause.object.namespace) describe networkpolicy \(cause.object.name)",
                risk: .none
            )
        ]
    }
}
