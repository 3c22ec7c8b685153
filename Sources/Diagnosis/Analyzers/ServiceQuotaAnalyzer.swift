// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Services that somebody needs and that are not there, in a namespace that may not have more Services.
///
/// A full quota alone is no fault: only what is missing because of it is.
struct ServiceQuotaAnalyzer: Analyzer {
    /// The most workloads whose environment is searched.
    private static let maximumWorkloads = 2000

    func findings(in snapshot: Snapshot) -> [Finding] {
        let namespaces = Set(snapshot.resourceQuotas.items.compactMap(\.metadata.namespace)).sorted()
        return namespaces.compactMap { namespace in
            // Only the whole list of Services tells that one is missing.
            guard snapshot.services.isComplete(in: namespace),
                let bound = QuotaShortage.bounds(
                    in: namespace,
                    snapshot,
                    where: { $0 == "services" || $0 == "count/services" }
                ).first(where: { $0.remaining == .zero }),
                let need = need(in: namespace, snapshot)
            else { return nil }
            return finding(bound, need, in: namespace)
        }
    }

    /// A Service that is missing, and who needs it.
    private struct Need {
        var service: String
        var user: EvidenceItem
        var confidence: Double
        /// The workload that it was to stand in front of, if there is one.
        var backend: ObjectReference?
    }

    /// The Service that is missing most certainly.
    private func need(in namespace: String, _ snapshot: Snapshot) -> Need? {
        let workloads = snapshot.allWorkloads.filter {
            $0.metadata.namespace == namespace && $0.metadata.controllerReference == nil
        }.prefix(Self.maximumWorkloads)
        func isMissing(_ name: String) -> Bool { snapshot.services.contains(name, in: namespace) == false }

        let wanted = wanted(by: Array(workloads), in: namespace, snapshot).filter { isMissing($0.service) }
        let needs = wanted.map { service, user in
            let backend = workloads.first { workload in
                workload.metadata.name == service && !workload.template.containers.allSatisfy(\.ports.isEmpty)
            }
            // A name that stands for a workload here was meant for it; any other may be a feature that is not in use.
            return Need(
                service: service,
                user: user,
                confidence: backend == nil ? 0.55 : 0.92,
                backend: backend?.reference
            )
        }
        return needs.max { ($0.confidence, $1.service) < ($1.confidence, $0.service) }
    }

    /// The names of Services in the namespace that something refers to.
    private func wanted(
        by workloads: [Workload],
        in namespace: String,
        _ snapshot: Snapshot
    ) -> [(service: String, user: EvidenceItem)] {
        let directory = ServiceDirectory(snapshot)
        var wanted: [(String, EvidenceItem)] = []
        for workload in workloads {
            if workload.kind == "StatefulSet", !workload.serviceName.isEmpty {
                wanted.append(
                    (workload.serviceName, .field("spec.serviceName", of: workload.reference, workload.serviceName))
                )
            }
            for container in workload.template.containers {
                for setting in AddressSetting.all(of: container, in: namespace, snapshot) {
                    guard let name = missingService(setting.target, in: namespace, directory) else { continue }
                    let path = "spec.template.spec.containers[\(container.name)].env[\(setting.variables[0])]"
                    wanted.append((name, .field(path, of: workload.reference, setting.target.description)))
                }
            }
        }
        for ingress in snapshot.ingresses.items(in: namespace) {
            for name in ingress.backends.compactMap(\.serviceName) {
                wanted.append((name, .field("spec.rules", of: ingress.reference, name)))
            }
        }
        return wanted
    }

    /// The Service of this namespace that an address means and that there is not.
    ///
    /// A bare word is no address: without a port or a scheme it may be anything.
    private func missingService(
        _ target: ConnectionTarget,
        in namespace: String,
        _ directory: ServiceDirectory
    ) -> String? {
        let isAddress = target.port != nil || target.scheme != nil || target.host.contains(".svc")
        guard isAddress, case .missing(namespace, let name) = directory.meaning(of: target.host, in: namespace),
            // No Service can have such a name (RFC 1035): no quota keeps it away.
            !name.contains("_"), name.first?.isLetter == true
        else { return nil }
        return name
    }

    private func finding(_ bound: QuotaShortage, _ need: Need, in namespace: String) -> Finding {
        let missing = Service.apiResource.reference(need.service, in: namespace)
        return Finding(
            causeClass: bound.causeClass,
            object: missing,
            owner: Namespace.apiResource.reference(namespace),
            severity: .high,
            message: "quota \(bound.quota.metadata.name) allows no further Service, and Service \(need.service), which "
                + "\(need.user.object.kind) \(need.user.object.name) needs, is not there",
            confidence: need.confidence,
            isCause: true,
            evidence: [bound.evidence, .field("metadata", of: missing, "there is no such Service"), need.user],
            related: [bound.quota.reference, missing, need.user.object]
                + (need.backend.map { [$0] } ?? [])
        )
    }

    private static let guide = CauseGuide(
        causeClass: .serviceQuotaExceeded,
        kinds: ["Namespace"],
        proof:
            "The quota for Services is used up, and an environment variable, an Ingress or a StatefulSet names a Service "
            + "that does not exist.",
        title: "Raise the quota or delete Services, then create the missing one",
        description: "The quota counts every Service of the namespace, also those that nobody uses.",
        command: "kubectl -n {namespace} describe quota"
    )

    var detections: [Detection] { [Self.guide.detection] }

    func recommendations(for cause: Cause) -> [Recommendation] { [Self.guide].recommendations(for: cause) }
}
