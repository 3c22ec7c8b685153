// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A setting names a host or a port that the other program does not have.
    public static let dependencyAddressInvalid = CauseClass(rawValue: "DependencyAddressInvalid")
    /// A client asks a database on a port on which it does not listen.
    public static let databasePortInvalid = CauseClass(rawValue: "DatabasePortInvalid")
    /// All clients of a Service ask for a port that it does not have.
    public static let servicePortMismatch = CauseClass(rawValue: "ServicePortMismatch")
}

/// Programs that look for another one in the wrong place.
///
/// A Service forwards the ports that it lists and no other: whoever asks for another one is refused, whatever the state
/// of the pods behind it. That can be seen from the objects alone; a log that complains about it makes it certain.
struct DependencyAddressAnalyzer: Analyzer {
    let detections = [
        Detection(
            .dependencyAddressInvalid,
            kinds: ["Workload"],
            proof: "A variable or a log line names a port that the Service does not have, or a Service that does not "
                + "exist and cannot be resolved.",
            remedy: "Correct the address in the settings of the workload that uses it."
        ),
        Detection(
            .databasePortInvalid,
            kinds: ["Workload"],
            proof: "A client is refused by a database that does well, on a port that its Service does not have, or as "
                + "the only client.",
            remedy: "Correct the port in the client's settings."
        ),
        Detection(
            .servicePortMismatch,
            kinds: ["Service"],
            proof:
                "Several workloads name the same port of a Service that it does not have, and none names one it has.",
            remedy: "Give the Service the port that its clients use."
        ),
    ]

    func consults(in snapshot: Snapshot) -> [APIResource] {
        let signs = snapshot.complaints.map(\.sign)
        guard signs.contains(where: \.isAboutDependency) else { return [] }
        return [Service.apiResource, ConfigMap.apiResource, Endpoints.apiResource]
    }

    func findings(in snapshot: Snapshot) -> [Finding] {
        guard !snapshot.services.items.isEmpty else { return [] }
        let directory = ServiceDirectory(snapshot)
        let uses = AddressUse.all(in: snapshot, directory)
        // What a program calls itself by is an address for others.
        let wrong = uses.filter { $0.hasWrongPort(directory) && directory.workload(of: $0.service) != $0.owner }
        let shared = wrong.filter { $0.isShared(by: wrong, among: uses) }
        let own = Set(snapshot.pods.map { ObjectKey(kind: "Pod", $0.metadata) })
        let findings = wrong.filter { own.contains(ObjectKey(kind: "Pod", $0.pod.metadata)) }.map { use in
            shared.contains(use) ? serviceFinding(use, in: snapshot) : finding(use, directory, in: snapshot)
        }
        return findings + refusedPorts(directory, besides: wrong, in: snapshot)
    }

    private func finding(_ use: AddressUse, _ directory: ServiceDirectory, in snapshot: Snapshot) -> Finding {
        let port = use.setting.target.port ?? 0
        let isUnwell = !use.pod.status.isReady
        let complaint = use.complaint(in: snapshot, directory)
        let database = directory.pods(of: use.service).lazy.flatMap(\.spec.containers)
            .compactMap { DatabaseKind.served(by: $0) }.first
        let isPortVariable = use.setting.variables.count == 2
        return Finding(
            causeClass: isPortVariable && database != nil ? .databasePortInvalid : .dependencyAddressInvalid,
            object: use.pod.reference,
            owner: use.owner,
            container: use.container,
            severity: .high,
            message: "\(use.setting.variables.joined(separator: " and ")) of container \(use.container) asks for port "
                + "\(port) of Service \(use.service.metadata.name), which has only \(use.service.portList)",
            confidence: complaint != nil ? 0.95 : isUnwell ? 0.85 : 0.6,
            isCause: true,
            evidence: [
                .field(use.setting.place, of: use.pod.reference, use.setting.target.description),
                .field("spec.ports", of: use.service.reference, use.service.portList),
            ] + (complaint.map { [$0.evidence] } ?? []),
            related: [use.service.reference]
        )
    }

    private func serviceFinding(_ use: AddressUse, in snapshot: Snapshot) -> Finding {
        Finding(
            causeClass: .servicePortMismatch,
            object: use.pod.reference,
            owner: use.service.reference,
            severity: .high,
            message: "the Service has only \(use.service.portList), and all its clients ask for another port",
            confidence: 0.75,
            isCause: true,
            evidence: [
                .field(use.setting.place, of: use.pod.reference, use.setting.target.description),
                .field("spec.ports", of: use.service.reference, use.service.portList),
            ],
            related: [use.owner]
        )
    }

    /// Logs that name an address which no setting shows, such as one from a Secret or a file.
    private func refusedPorts(
        _ directory: ServiceDirectory,
        besides wrong: [AddressUse],
        in snapshot: Snapshot
    ) -> [Finding] {
        snapshot.ownComplaints.filter { $0.sign.isAboutConnecting }.compactMap { complaint in
            let owner = snapshot.owner(of: complaint.container.pod)
            let namespace = complaint.container.pod.metadata.namespace ?? ""
            guard let target = complaint.target, let port = target.port,
                let service = directory.service(target.host, from: namespace),
                directory.forwards(service, port) == false,
                !wrong.contains(where: { $0.owner == owner && $0.service.reference == service.reference })
            else { return nil }
            let database = directory.pods(of: service).lazy.flatMap(\.spec.containers)
                .compactMap { DatabaseKind.served(by: $0) }.first
            return snapshot.finding(
                database == nil ? .dependencyAddressInvalid : .databasePortInvalid,
                complaint,
                confidence: complaint.isInTrouble ? 0.93 : 0.85,
                message:
                    "\(complaint.container.title) asks for port \(port) of Service \(service.metadata.name), which "
                    + "has only \(service.portList)",
                related: [service.reference],
                evidence: [.field("spec.ports", of: service.reference, service.portList)]
            )
        }
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        guard [.dependencyAddressInvalid, .databasePortInvalid].contains(cause.causeClass) else { return [] }
        return [
            Recommendation(
                title: "Correct the address in the settings of \(cause.object.name)",
                description: "Compare it with the names and ports of the Services. The change replaces the pods.",
                command: "kubectl -n \(cause.object.namespace) get services -o wide",
                risk: .none
            )
        ]
    }
}

extension Service {
    /// Its ports for people, such as `port 80 and port 443`.
    var portList: String {
        ports.isEmpty ? "no ports" : ports.map { "port \($0.port)" }.joined(separator: " and ")
    }
}
