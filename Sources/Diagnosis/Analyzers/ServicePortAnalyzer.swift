// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Service forwards to a port on which its pods do not listen.
    public static let serviceTargetPortMismatch = CauseClass(rawValue: "ServiceTargetPortMismatch")
    /// A Service forwards another protocol than its pods speak, such as UDP for TCP.
    public static let serviceProtocolMismatch = CauseClass(rawValue: "ServiceProtocolMismatch")
}

/// Services whose ports do not fit the pods behind them.
struct ServicePortAnalyzer: Analyzer {
    func findings(in snapshot: Snapshot) -> [Finding] {
        guard !snapshot.services.items.isEmpty else { return [] }
        let backends = ServiceBackends(snapshot)
        return snapshot.services.items.flatMap { service -> [Finding] in
            // The clients of a headless Service ask the pods' own ports, whatever it says.
            guard !service.isHeadless, service.type != "ExternalName", service.metadata.deletionTimestamp == nil else {
                return []
            }
            let pods = backends.representatives(of: backends.pods(behind: service)).filter(snapshot.isSubject)
            guard !pods.isEmpty else { return [] }
            let served = pods.map { ServedPorts($0, snapshot) }
            let findings = service.ports.compactMap { finding($0, service, pods, served, snapshot) }
            // One finding of each class: the ports of one Service are corrected together.
            var seen: Set<CauseClass> = []
            return findings.sorted { $0.confidence > $1.confidence }.filter { seen.insert($0.causeClass).inserted }
        }
    }

    private func finding(
        _ port: ServicePort,
        _ service: Service,
        _ pods: [Pod],
        _ served: [ServedPorts],
        _ snapshot: Snapshot
    ) -> Finding? {
        guard let verdict = verdict(port, service, served), verdict.confidence >= 0.4 else { return nil }
        let target = port.targetPort?.description ?? "\(port.port)"
        let owners = pods.map { snapshot.owner(of: $0) }
        // What is declared is information only: without anything else it is a word for the reader.
        let isThin =
            !verdict.isSupported && pods.allSatisfy(\.status.isReady)
            && !ServiceUse.of(service, except: owners, in: snapshot).isMissed
        let declared = Set(
            served.flatMap(\.declared).map { "\($0.number)/\($0.transport)" + ($0.name.map { " (\($0))" } ?? "") }
        )
        return Finding(
            causeClass: verdict.causeClass,
            object: service.reference,
            owner: service.reference,
            severity: isThin ? .low : .high,
            message: "port \(port.port)/\(port.transport) forwards to \(target), \(verdict.message)",
            confidence: min(verdict.confidence, isThin ? 0.45 : 0.95),
            isCause: true,
            evidence: [
                .field(
                    "spec.ports[\(port.name ?? String(port.port))]",
                    of: service.reference,
                    "port \(port.port), targetPort \(target), protocol \(port.transport)"
                ),
                .field(
                    "spec.containers[*].ports",
                    of: pods[0].reference,
                    declared.isEmpty ? "none" : declared.sorted().joined(separator: ", ")
                ),
            ],
            related: owners
        )
    }

    private struct Verdict {
        var causeClass: CauseClass
        var message: String
        var confidence: Double
        /// Whether more speaks for it than that a container declares other ports.
        var isSupported = true
    }

    private func verdict(_ port: ServicePort, _ service: Service, _ served: [ServedPorts]) -> Verdict? {
        if let name = port.targetPort?.stringValue, Int(name) == nil { return named(name, port, served) }
        let number = port.targetPort?.intValue ?? port.targetPort?.stringValue.flatMap { Int($0) } ?? port.port
        let other = served.compactMap { protocolVerdict(number, port, service, $0) }
        if other.count == served.count { return other.min { $0.confidence < $1.confidence } }
        guard !served.contains(where: { $0.sure.contains(number) || $0.mentions(number) }),
            !served.contains(where: { $0.declared.contains { $0.number == number } })
        else { return nil }
        let verdicts = served.compactMap { numeric(number, port, service, $0) }
        guard verdicts.count == served.count else { return nil }
        return verdicts.min { $0.confidence < $1.confidence }
    }

    // MARK: By name

    private func named(_ name: String, _ port: ServicePort, _ served: [ServedPorts]) -> Verdict? {
        // A name is looked up together with the protocol.
        let lacking = served.filter { pod in
            !pod.declared.contains { $0.name == name && $0.transport == port.transport }
        }
        guard !lacking.isEmpty else { return nil }
        if lacking.allSatisfy({ pod in pod.declared.contains { $0.name == name } }) {
            return Verdict(
                causeClass: .serviceProtocolMismatch,
                message: "which the pods declare with another protocol",
                confidence: 0.9
            )
        }
        // Some pods may be of an older template, or of another workload with the same labels.
        return Verdict(
            causeClass: .serviceTargetPortMismatch,
            message: lacking.count == served.count
                ? "a name that no port of its pods has" : "a name that not all of its pods have",
            confidence: lacking.count == served.count ? 0.95 : 0.55
        )
    }

    // MARK: By number

    /// How sure it is that nothing listens on a number that nothing in the pod speaks of.
    private func numeric(_ number: Int, _ port: ServicePort, _ service: Service, _ pod: ServedPorts) -> Verdict? {
        let known = pod.sure.union(pod.declared.filter { $0.transport == port.transport }.map(\.number))
        guard !known.isEmpty else { return nil }
        var confidence = pod.declared.isEmpty ? 0.2 : 0.4
        if !pod.sure.isEmpty { confidence += 0.2 }
        // The very number that clients use is one that the pods do serve.
        if known.contains(port.port) { confidence += 0.3 }
        if let name = port.name, pod.declared.contains(where: { $0.name == name }) { confidence += 0.25 }
        if service.ports.count == 1, known.count == 1 { confidence += 0.15 }
        if service.ports.count > 1 { confidence -= 0.15 }
        if pod.hasSilentContainer, !pod.declared.isEmpty { confidence -= 0.2 }
        let others = known.sorted().map(String.init).joined(separator: ", ")
        let isLinked = known.contains(port.port) || pod.declared.contains { $0.name != nil && $0.name == port.name }
        return Verdict(
            causeClass: .serviceTargetPortMismatch,
            message: "while its pods serve \(others)",
            confidence: confidence,
            // Beside ports that fit, one that nobody speaks of is often a second server of the process.
            isSupported: isLinked || !pod.sure.isEmpty && service.ports.count == 1
        )
    }

    // MARK: Protocol

    /// Services that are offered over UDP as a rule, and whose containers often leave the protocol out.
    private static let datagramPorts: Set<Int> = [
        53, 67, 69, 123, 161, 162, 443, 500, 514, 1194, 1812, 3478, 4500, 5060, 5353, 6831, 6832, 8125, 8472, 51_820,
    ]
    private static let streamNames = [
        "http", "grpc", "tcp", "https", "tls", "mysql", "postgres", "redis", "mongo", "web",
    ]

    private func protocolVerdict(
        _ number: Int,
        _ port: ServicePort,
        _ service: Service,
        _ pod: ServedPorts
    ) -> Verdict? {
        let declared = pod.declared.filter { $0.number == number }
        let isDeclared = declared.contains { $0.transport == port.transport }
        let isOfferedToo = service.ports.contains { $0.port == port.port && $0.transport != port.transport }
        guard !isDeclared, !isOfferedToo else { return nil }
        let message = "where its pods speak \(declared.first?.transport ?? "TCP")"
        func verdict(_ confidence: Double) -> Verdict {
            Verdict(
                causeClass: .serviceProtocolMismatch,
                message: message,
                confidence: confidence,
                isSupported: confidence >= Conclusion.namingThreshold
            )
        }
        let isStreamByName = Self.streamNames.contains { sign in
            (port.name ?? "").lowercased().hasPrefix(sign) || (port.appProtocol ?? "").lowercased().hasSuffix(sign)
        }
        // Probes ask over TCP: what answers them speaks it.
        if port.transport != "TCP", pod.proven.contains(number) { return verdict(0.95) }
        guard !declared.isEmpty else { return nil }
        if port.transport == "TCP" { return verdict(0.8) }
        if isStreamByName { return verdict(0.9) }
        return verdict(Self.datagramPorts.contains(port.port) || Self.datagramPorts.contains(number) ? 0.4 : 0.7)
    }

    func recommendations(for cause: Cause) -> [Recommendation] {
        switch cause.causeClass {
        case .serviceTargetPortMismatch:
            [
                Recommendation(
                    title: "Let the Service forward to the port on which its pods listen",
                    description: "targetPort is a number, or the name that a container gives its port; port is what "
                        + "clients use.",
                    command: "kubectl -n \(cause.object.namespace) get service \(cause.object.name) -o yaml",
                    risk: .none
                )
            ]
        case .serviceProtocolMismatch:
            [
                Recommendation(
                    title: "Set the protocol that the pods speak",
                    description: "A Service forwards TCP, UDP or SCTP, and each of its ports only one of them.",
                    command: "kubectl -n \(cause.object.namespace) get service \(cause.object.name) -o yaml",
                    risk: .none
                )
            ]
        default: []
        }
    }
}
