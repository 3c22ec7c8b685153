// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A database refuses the user or password of a client.
    public static let databaseCredentialsInvalid = CauseClass(rawValue: "DatabaseCredentialsInvalid")
    /// Something else than a known database refuses the credentials of a client.
    public static let credentialsRefused = CauseClass(rawValue: "CredentialsRefused")
    /// A database takes no more connections.
    public static let databaseConnectionsExhausted = CauseClass(rawValue: "DatabaseConnectionsExhausted")
    /// A database accepts no writes.
    public static let databaseReadOnly = CauseClass(rawValue: "DatabaseReadOnly")
    /// A database has used up the memory that it is allowed, and takes nothing new.
    public static let databaseMemoryExhausted = CauseClass(rawValue: "DatabaseMemoryExhausted")
    /// A client names a database that its server does not have.
    public static let databaseNotFound = CauseClass(rawValue: "DatabaseNotFound")
}

/// What clients of databases, and databases themselves, say in their logs.
///
/// For credentials and names the client has to be corrected; for too many connections and for refused writes the
/// database, which is the workload that says so itself, or that stands behind the Service which the client names.
struct DatabaseAnalyzer: Analyzer {
    let detections = [
        Detection(
            .databaseCredentialsInvalid,
            kinds: ["Workload"],
            proof: "The log of a client says that a database refuses its user, its password, or what it wants to do.",
            remedy: "Correct the user and password of the client, or give them in the database the rights it needs."
        ),
        Detection(
            .credentialsRefused,
            kinds: ["Workload"],
            proof: "The log of a container in trouble says that its credentials are refused, and not by what.",
            remedy: "Correct the credentials that the container is given."
        ),
        Detection(
            .databaseConnectionsExhausted,
            kinds: ["Workload"],
            proof: "The log of a database, or of its clients, says that it takes no more connections.",
            remedy: "Find who holds the connections, make pools smaller, or raise the limit of the database."
        ),
        Detection(
            .databaseReadOnly,
            kinds: ["Workload"],
            proof: "The log of a client says that a write was refused because the database is read-only.",
            remedy: "Make the database writable again: look for a full disk, a failover, or a setting."
        ),
        Detection(
            .databaseMemoryExhausted,
            kinds: ["Workload"],
            proof: "The log of a client says that a write was refused because the database's memory limit is reached.",
            remedy: "Raise the limit that the database sets itself, such as maxmemory, or let it evict old entries."
        ),
        Detection(
            .databaseNotFound,
            kinds: ["Workload"],
            proof: "The log of a client says that the server has no database of the name it asks for.",
            remedy: "Create the database, or correct its name in the client's settings."
        ),
    ]

    private static let signs: Set<LogSign> = [
        .credentialsRefused, .tooManyConnections, .readOnly, .memoryLimitReached, .databaseMissing,
    ]

    func findings(in snapshot: Snapshot) -> [Finding] {
        let complaints = snapshot.complaints.filter {
            Self.signs.contains($0.sign) && $0.isWhole
        }
        guard !complaints.isEmpty else { return [] }
        let rule = Rule(snapshot: snapshot, directory: ServiceDirectory(snapshot))
        let own = Set(snapshot.pods.map { ObjectKey(kind: "Pod", $0.metadata) })
        return complaints.compactMap { complaint in
            let isOwn = own.contains(ObjectKey(kind: "Pod", complaint.container.pod.metadata))
            return rule.finding(complaint, isOwn: isOwn)
        }
    }

    private struct Rule {
        let snapshot: Snapshot
        let directory: ServiceDirectory

        func finding(_ complaint: Complaint, isOwn: Bool) -> Finding? {
            // What a neighbour says counts only if it is the database that the question's pods talk to.
            let isServer = DatabaseKind.served(by: complaint.container.spec) != nil
            switch complaint.sign {
            case .credentialsRefused: return isServer || !isOwn ? nil : refused(complaint)
            case .tooManyConnections: return isOwn || isServer ? exhausted(complaint, isServer) : nil
            case .readOnly, .memoryLimitReached: return isServer || !isOwn ? nil : refusesWrites(complaint)
            case .databaseMissing: return isServer || !isOwn ? nil : missing(complaint)
            default: return nil
            }
        }

        private func refused(_ complaint: Complaint) -> Finding? {
            if Self.cloud.matches(anyIn: complaint.text) { return refusedByCloud(complaint) }
            // A program that does well also refuses users of its own, in lines beside those about a database.
            let nearby = complaint.isInTrouble ? complaint.database : nil
            let kind = nearby ?? DatabaseKind.implied(by: complaint)
            guard kind != nil || complaint.isInTrouble else { return nil }
            let service = service(of: complaint)
            return snapshot.finding(
                kind == nil ? .credentialsRefused : .databaseCredentialsInvalid,
                complaint,
                confidence: kind == nil ? 0.6 : complaint.isInTrouble ? 0.93 : 0.7,
                message: Self.rights.matches(anyIn: complaint.text)
                    ? "\(complaint.container.title) may not do with \(kind?.rawValue ?? "a server") what it wants to do"
                    : "\(kind?.rawValue ?? "a server") refuses the user or password of \(complaint.container.title)",
                related: service.map { [$0.reference] } ?? []
            )
        }

        /// Whatever database the lines around are about, it is not what has refused these.
        private func refusedByCloud(_ complaint: Complaint) -> Finding? {
            guard complaint.isInTrouble else { return nil }
            return snapshot.finding(
                .credentialsRefused,
                complaint,
                confidence: 0.85,
                message: "a cloud service or object store refuses the access key of \(complaint.container.title)"
            )
        }

        /// Codes of the APIs of AWS, which object stores of others use too.
        private static let cloud = PhraseMatcher([
            "invalidaccesskeyid", "signaturedoesnotmatch", "invalidclienttokenid", "expiredtoken",
        ])
        /// What a server says to a user that it knows.
        private static let rights = PhraseMatcher([
            "permission denied for", "command denied to user", "no permissions to", "noperm ", "to execute command",
            "not authorized to access", "authorization failed", "access to ", "[unauthorized]",
        ])

        private func missing(_ complaint: Complaint) -> Finding? {
            let service = service(of: complaint)
            return snapshot.finding(
                .databaseNotFound,
                complaint,
                confidence: complaint.isInTrouble ? 0.88 : 0.65,
                message: "the server has no database of the name that \(complaint.container.title) asks for",
                related: service.map { [$0.reference] } ?? []
            )
        }

        private func exhausted(_ complaint: Complaint, _ isServer: Bool) -> Finding? {
            let message = "the database takes no more connections"
            let client = snapshot.owner(of: complaint.container.pod)
            if isServer {
                return snapshot.finding(
                    .databaseConnectionsExhausted,
                    complaint,
                    confidence: 0.95,
                    message: message
                )
            }
            let server = server(of: complaint)
            return snapshot.finding(
                .databaseConnectionsExhausted,
                complaint,
                owner: server?.owner ?? client,
                confidence: server.map { $0.confidence } ?? 0.45,
                message: message,
                related: service(of: complaint).map { [$0.reference] } ?? []
            )
        }

        private func refusesWrites(_ complaint: Complaint) -> Finding? {
            let server = server(of: complaint)
            let isFull = complaint.sign == .memoryLimitReached
            return snapshot.finding(
                isFull ? .databaseMemoryExhausted : .databaseReadOnly,
                complaint,
                owner: server?.owner ?? snapshot.owner(of: complaint.container.pod),
                confidence: server.map { $0.confidence } ?? 0.45,
                message: isFull
                    ? "the database accepts no writes: it has used up the memory that it may use"
                    : "the database accepts no writes",
                related: service(of: complaint).map { [$0.reference] } ?? []
            )
        }

        private func service(of complaint: Complaint) -> Service? {
            complaint.target.flatMap {
                directory.service($0.host, from: complaint.container.pod.metadata.namespace ?? "")
            }
        }

        /// The database that a client talks to: behind the Service in the line, behind the one in its settings, or
        /// the only one of its kind in the namespace.
        private func server(of complaint: Complaint) -> (owner: ObjectReference, confidence: Double)? {
            let pod = complaint.container.pod
            let namespace = pod.metadata.namespace ?? ""
            if let service = service(of: complaint), let owner = directory.workload(of: service) {
                return (owner, 0.92)
            }
            let kind = complaint.database ?? DatabaseKind.implied(by: complaint)
            let databases = DatabaseKind.allCases.filter { kind == nil || $0 == kind }.flatMap {
                directory.databases($0, in: namespace)
            }
            // One that complains of the same itself.
            let speaking = databases.filter { database in
                snapshot.complaints.contains { other in
                    other.sign == complaint.sign
                        && database.pods.contains { $0.metadata.name == other.container.pod.metadata.name }
                }
            }
            if speaking.count == 1 { return (speaking[0].owner, 0.92) }
            let named = AddressSetting.all(of: complaint.container.spec, in: namespace, snapshot).compactMap {
                directory.service($0.target.host, from: namespace).flatMap(directory.workload)
            }
            let known = databases.filter { database in named.contains { $0.description == database.owner.description } }
            if known.count == 1 { return (known[0].owner, 0.88) }
            return databases.count == 1 ? (databases[0].owner, 0.85) : nil
        }
    }
}

extension Snapshot {
    /// A fault that a log complains about.
    /// - Parameter owner: what a person would edit; nil for the workload whose log it is.
    func finding(
        _ causeClass: CauseClass,
        _ complaint: Complaint,
        owner: ObjectReference? = nil,
        confidence: Double,
        message: String,
        isCause: Bool = true,
        related: [ObjectReference] = [],
        evidence: [EvidenceItem] = []
    ) -> Finding {
        let pod = complaint.container.pod
        let own = self.owner(of: pod)
        return Finding(
            causeClass: causeClass,
            object: pod.reference,
            owner: owner ?? own,
            // Of another workload no container is known.
            container: owner == nil || owner == own ? complaint.container.status.name : nil,
            severity: .high,
            message: message,
            confidence: confidence,
            isCause: isCause,
            evidence: [complaint.evidence] + evidence,
            related: related
        )
    }
}
