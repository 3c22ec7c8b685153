// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A program cannot resolve names that exist, because of how or where it asks.
    public static let dnsResolutionFailure = CauseClass(rawValue: "DNSResolutionFailure")
    /// A program asks for a name that nobody knows.
    public static let dependencyHostUnresolvable = CauseClass(rawValue: "DependencyHostUnresolvable")
}

/// Names that programs cannot resolve.
///
/// A name that no Service has is the client's fault. Where the Service exists, it is how the pod asks, if that differs
/// from how pods ask by default; else the cluster's name servers, if they do not do well or several workloads complain.
struct NameResolutionAnalyzer: Analyzer {
    let detections = [
        Detection(
            .dnsResolutionFailure,
            kinds: ["Workload"],
            proof: "The log says that names cannot be resolved, although they exist; often the pod asks another name "
                + "server than the cluster's.",
            remedy: "Correct dnsPolicy and dnsConfig of the pod, or let it reach the cluster's name servers."
        ),
        Detection(
            .dependencyHostUnresolvable,
            kinds: ["Workload"],
            proof: "The log says that a name cannot be resolved, and no Service has it.",
            remedy: "Correct the name, or create what it means."
        ),
        Detection(
            .dependencyAddressInvalid,
            kinds: ["Workload"],
            proof: "A variable names a Service that does not exist, and the log says that it cannot be resolved.",
            remedy: "Correct the address in the variable."
        ),
        Detection(
            .clusterDNSUnavailable,
            kinds: ["Deployment", "Service"],
            proof: "Logs say that names cannot be resolved, and no pod behind the cluster's DNS Service is ready.",
            remedy: "Look at the pods of the cluster's DNS and at its ConfigMap."
        ),
        Detection(
            .dependencyUnavailable,
            kinds: ["Workload"],
            category: .symptom,
            proof: "The name of a headless Service does not resolve, because no pod behind it is ready.",
            remedy: "Look at the workload behind the Service."
        ),
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        let complaints = snapshot.ownComplaints.filter {
            [.nameUnresolvable, .nameServerSilent, .noUpstream].contains($0.sign)
        }
        guard !complaints.isEmpty else { return [] }
        let rule = Rule(snapshot)
        return complaints.compactMap(rule.finding)
    }

    private struct Rule {
        let snapshot: Snapshot
        let directory: ServiceDirectory
        let clusterDNS: [Service]
        /// How many workloads complain.
        let sufferers: Int

        init(_ snapshot: Snapshot) {
            self.snapshot = snapshot
            directory = ServiceDirectory(snapshot)
            // By convention; whatever its name is, it answers on port 53 in the namespace of the system.
            clusterDNS = snapshot.services.items(in: "kube-system").filter { service in
                service.ports.contains { $0.port == 53 }
            }
            let silent = snapshot.complaints.filter { $0.sign == .nameUnresolvable || $0.sign == .nameServerSilent }
            sufferers = Set(silent.map { snapshot.owner(of: $0.container.pod) }).count
        }

        func finding(_ complaint: Complaint) -> Finding? {
            // What stands behind a name matters to gateways; only who asks for a name is meant here.
            if complaint.sign == .noUpstream { return nil }
            return foreignNameServer(complaint) ?? brokenClusterDNS(complaint) ?? wrongName(complaint)
        }

        private func confidence(_ value: Double, _ complaint: Complaint) -> Double {
            complaint.isInTrouble ? value : complaint.count > 2 ? min(value, 0.65) : min(value, 0.45)
        }

        /// The pod asks a name server that is not the cluster's.
        private func foreignNameServer(_ complaint: Complaint) -> Finding? {
            let pod = complaint.container.pod
            let addresses = clusterDNS.compactMap(\.clusterIP)
            let isSilent = complaint.nameServer.map(pod.spec.nameServers.contains) ?? false
            var evidence: EvidenceItem?
            if pod.spec.dnsPolicy == "None" {
                let servers = pod.spec.nameServers
                guard !servers.isEmpty, !servers.contains(where: addresses.contains) else { return nil }
                evidence = .field(
                    "spec.dnsConfig.nameservers",
                    of: pod.reference,
                    servers.prefix(3).joined(separator: ", ")
                )
            } else if pod.spec.dnsPolicy == "Default"
                || (pod.spec.usesHostNetwork && pod.spec.dnsPolicy == "ClusterFirst")
            {
                // These ask as their node does, which knows nothing of Services.
                let namespace = pod.metadata.namespace ?? ""
                guard let name = complaint.name, directory.service(name, from: namespace) != nil else { return nil }
                evidence = .field("spec.dnsPolicy", of: pod.reference, pod.spec.dnsPolicy)
            }
            guard let evidence else { return nil }
            return snapshot.finding(
                .dnsResolutionFailure,
                complaint,
                // Whose the servers are can be told only if the cluster's are known, unless they do not answer at all.
                confidence: confidence(addresses.isEmpty && !isSilent ? 0.8 : 0.95, complaint),
                message: "the pod does not ask the cluster's name servers, and cannot resolve what it needs",
                related: clusterDNS.map(\.reference),
                evidence: [evidence]
            )
        }

        private func brokenClusterDNS(_ complaint: Complaint) -> Finding? {
            guard let service = clusterDNS.first, directory.isServed(service) == false else { return nil }
            return snapshot.finding(
                .clusterDNSUnavailable,
                complaint,
                owner: directory.workload(of: service) ?? service.reference,
                confidence: 0.93,
                message: "no pod behind the cluster's DNS Service is ready, so that names cannot be resolved",
                related: [service.reference]
            )
        }

        private func wrongName(_ complaint: Complaint) -> Finding? {
            let pod = complaint.container.pod
            let namespace = pod.metadata.namespace ?? ""
            guard let name = complaint.name else { return unknownReason(complaint) }
            if let set = StatefulSetAnalyzer.governed(by: name, from: pod, in: snapshot) {
                return snapshot.finding(
                    .dependencyUnavailable,
                    complaint,
                    confidence: 0.9,
                    message: "\(complaint.container.title) looks for \(name), a name that the Service of \(set.kind) "
                        + "\(set.name) would give, and which does not exist",
                    isCause: false,
                    related: [set]
                )
            }
            switch directory.meaning(of: name, in: namespace) {
            case .missing(let place, let missing):
                let settings = AddressSetting.all(of: complaint.container.spec, in: namespace, snapshot)
                let setting = settings.first { $0.target.host == name }
                let reference = ObjectReference(apiVersion: "v1", kind: "Service", namespace: place, name: missing)
                // The name may be right, and the Service refused.
                let isRefused = snapshot.resourceQuotas.items(in: place).contains(where: Self.isFullOfServices)
                return snapshot.finding(
                    setting == nil ? .dependencyHostUnresolvable : .dependencyAddressInvalid,
                    complaint,
                    confidence: isRefused ? 0.4 : confidence(setting == nil ? 0.88 : 0.93, complaint),
                    message: "\(complaint.container.title) looks for \(name), and there is no Service of that name",
                    related: [reference],
                    evidence: setting.map { [.field($0.place, of: pod.reference, $0.target.description)] } ?? []
                )
            case .service(let service):
                // Without a ready pod a headless Service has no addresses, and so its name does not resolve.
                if service.clusterIP == "None", directory.isServed(service) == false {
                    return snapshot.finding(
                        .dependencyUnavailable,
                        complaint,
                        confidence: 0.9,
                        message: "\(complaint.container.title) does not reach Service \(service.metadata.name), behind "
                            + "which no pod is ready",
                        isCause: false,
                        related: [service.reference] + (directory.workload(of: service).map { [$0] } ?? [])
                    )
                }
                return unknownReason(complaint, related: [service.reference])
            case .unknown:
                guard complaint.sign == .nameUnresolvable, sufferers == 1 else { return unknownReason(complaint) }
                return snapshot.finding(
                    .dependencyHostUnresolvable,
                    complaint,
                    confidence: confidence(0.7, complaint),
                    message: "\(complaint.container.title) cannot resolve \(name)"
                )
            }
        }

        private static func isFullOfServices(_ quota: ResourceQuota) -> Bool {
            ["services", "count/services"].contains { name in
                guard let hard = quota.enforced[name] ?? quota.hard[name], let used = quota.used[name] else {
                    return false
                }
                return used >= hard
            }
        }

        /// The name is right, the pod asks as all do, and the cluster's name servers seem to do well.
        private func unknownReason(_ complaint: Complaint, related: [ObjectReference] = []) -> Finding {
            // Whoever gets no answer, or is not alone, is seldom to blame: the way to the name servers is.
            // And where Services do not answer by their numbers either, it is more than the names.
            let isLikely =
                complaint.sign == .nameUnresolvable && sufferers == 1
                && directory.silentServices(for: complaint.container.pod).isEmpty
            return snapshot.finding(
                .dnsResolutionFailure,
                complaint,
                confidence: confidence(isLikely ? 0.6 : 0.45, complaint),
                message: "\(complaint.container.title) cannot resolve names",
                related: related + clusterDNS.map(\.reference)
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard [.dnsResolutionFailure, .dependencyHostUnresolvable].contains(cause.causeClass),
            let pod = cause.objects.first
        else { return [] }
        return [
            Recommendation(
                title: "See whom the pod asks",
                description: "The first lines name the name servers and the domains that are searched.",
                command: "kubectl -n \(pod.namespace) exec \(pod.name) -- cat /etc/resolv.conf",
                risk: .none
            )
        ]
    }
}
