// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A program does not reach another one that it names rightly: a symptom.
    public static let dependencyUnavailable = CauseClass(rawValue: "DependencyUnavailable")
}

/// Programs that name another one rightly and do not reach it.
///
/// Why is to be found there, so this is a symptom. One case is different: a database that does well, and refuses only
/// one of its clients, which does not say where it has tried.
struct DependencyUnavailableAnalyzer: Analyzer {
    let detections = [
        Detection(
            .dependencyUnavailable,
            kinds: ["Workload"],
            category: .symptom,
            proof: "The log complains that a Service refuses connections or does not answer.",
            remedy: "Look at the Service and the workload behind it."
        ),
        Detection(
            .databasePortInvalid,
            kinds: ["Workload"],
            proof: "Only one client is refused by a database whose pods are ready.",
            remedy: "Correct the port in the client's settings."
        ),
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        let complaints = snapshot.ownComplaints.filter { $0.sign.isAboutConnecting || $0.sign == .noUpstream }
        guard !complaints.isEmpty else { return [] }
        let directory = ServiceDirectory(snapshot)
        return complaints.compactMap { complaint in
            let hasAddress =
                complaint.target?.isAddress == false || complaint.target?.port != nil || complaint.name != nil
            return hasAddress
                ? symptom(complaint, directory, in: snapshot) : unnamedDatabase(complaint, directory, in: snapshot)
        }
    }

    private func symptom(_ complaint: Complaint, _ directory: ServiceDirectory, in snapshot: Snapshot) -> Finding? {
        let namespace = complaint.container.pod.metadata.namespace ?? ""
        guard let host = complaint.target?.host ?? complaint.name,
            let service = directory.service(host, from: namespace),
            complaint.target?.port.map({ directory.forwards(service, $0) == false }) != true
        else { return nil }
        let isServed = directory.isServed(service)
        return snapshot.finding(
            .dependencyUnavailable,
            complaint,
            confidence: 0.9,
            message: "\(complaint.container.title) does not reach Service \(service.metadata.name)"
                + (isServed == false ? ", behind which no pod is ready" : ""),
            isCause: false,
            related: [service.reference] + (directory.workload(of: service).map { [$0] } ?? [])
        )
    }

    /// A client of a database that does not say where it looks for it.
    private func unnamedDatabase(
        _ complaint: Complaint,
        _ directory: ServiceDirectory,
        in snapshot: Snapshot
    ) -> Finding? {
        guard complaint.isInTrouble, let kind = complaint.database,
            DatabaseKind.served(by: complaint.container.spec) == nil
        else { return nil }
        let namespace = complaint.container.pod.metadata.namespace ?? ""
        let databases = directory.databases(kind, in: namespace)
        guard !databases.isEmpty else { return nil }
        let owner = snapshot.owner(of: complaint.container.pod)
        // Whoever says more than this says it better: a name that does not resolve, credentials that are refused.
        let ownSigns = snapshot.complaints.filter {
            $0.isWhole && snapshot.owner(of: $0.container.pod) == owner
        }.map(\.sign)
        let special: [LogSign] = [
            .credentialsRefused, .tooManyConnections, .databaseMissing, .nameUnresolvable, .nameServerSilent,
        ]
        guard !ownSigns.contains(where: special.contains) else { return nil }
        let isReady = databases.allSatisfy { $0.pods.contains(where: \.status.isReady) }
        guard isReady else {
            return snapshot.finding(
                .dependencyUnavailable,
                complaint,
                confidence: 0.9,
                message: "\(complaint.container.title) does not reach its \(kind.rawValue) database",
                isCause: false,
                related: databases.filter { !$0.pods.contains(where: \.status.isReady) }.map(\.owner)
            )
        }
        let others = snapshot.complaints.filter {
            $0.sign.isAboutConnecting && $0.database == kind && snapshot.owner(of: $0.container.pod) != owner
        }
        let isRefused = complaint.sign == .connectionRefused
        // A network policy swallows what it does not let through, as does a wrong address.
        let isCut = !isRefused && !snapshot.networkPolicies.items(in: namespace).isEmpty
        return snapshot.finding(
            .databasePortInvalid,
            complaint,
            confidence: !others.isEmpty || isCut ? 0.4 : isRefused ? 0.85 : 0.6,
            message:
                "\(complaint.container.title) \(isRefused ? "is refused by" : "does not reach") its \(kind.rawValue) "
                + "database, which does well and serves others: it asks on a wrong port or host",
            related: databases.map(\.owner)
        )
    }
}
