// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Who needs a Service, as far as configuration and logs show it.
struct ServiceUse {
    /// What was found about one Service.
    struct Findings {
        /// Where it is named, strongest first.
        var evidence: [EvidenceItem] = []
        /// Whether a process complains that it does not reach it.
        var isMissed = false
        /// Whether a workload, an Ingress or a route names it.
        var isNamed = false
    }

    /// The most bytes of all logs together that are searched for one Service.
    private static let maximumBytes = 8 << 20

    /// Looks for uses of a Service by anything but the pods behind it.
    static func of(_ service: Service, except owners: [ObjectReference], in snapshot: Snapshot) -> Findings {
        var findings = Findings()
        let namespace = service.metadata.namespace ?? ""
        if let complaint = complaint(service, except: owners, in: snapshot) {
            findings.isMissed = true
            findings.evidence.append(complaint)
        }
        for ingress in snapshot.ingresses.items(in: namespace)
        where ingress.backends.contains(where: { $0.serviceName == service.metadata.name }) {
            findings.isNamed = true
            findings.evidence.append(
                .field("spec.rules", of: ingress.reference, service.metadata.name)
            )
        }
        for workload in snapshot.allWorkloads where workload.metadata.controllerReference == nil {
            guard !owners.contains(workload.reference), workload.wantedReplicas ?? 1 > 0 else { continue }
            let isNear = workload.metadata.namespace ?? "" == namespace
            let variable = workload.template.containers.lazy.flatMap(\.environment).first { variable in
                Self.names(service, in: variable.value ?? "", isNear: isNear)
            }
            guard let variable else { continue }
            findings.isNamed = true
            findings.evidence.append(
                .field(
                    "spec.template.spec.containers[*].env[\(variable.name)]",
                    of: workload.reference,
                    variable.value ?? ""
                )
            )
            if findings.evidence.count > 4 { break }
        }
        return findings
    }

    /// Whether a text names the host of a Service; from other namespaces only with its own.
    static func names(_ service: Service, in text: String, isNear: Bool) -> Bool {
        guard text.utf8.count <= 4096 else { return false }
        let (name, namespace) = (service.metadata.name, service.metadata.namespace ?? "")
        return text.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "." }.contains { word in
            let parts = word.split(separator: ".", maxSplits: 2)
            guard parts.first.map({ $0 == name }) == true else { return false }
            return parts.count > 1 ? parts[1] == namespace : isNear
        }
    }

    private static let signs = [
        "refused", "no servers available", "unknownhost", "unknown host", "no such host", "unreachable", "no healthy",
        "timed out", "timeout", "unavailable", "no endpoints", "not reach", "failed to connect", "cannot connect",
        "could not connect", "connection reset", "no route to host", "name or service not known", "econnrefused",
        "enotfound", "no available", "no instances", "cannot be reached", "can't connect", "can't reach",
    ]

    private static func complaint(
        _ service: Service,
        except owners: [ObjectReference],
        in snapshot: Snapshot
    ) -> EvidenceItem? {
        let namespace = service.metadata.namespace ?? ""
        let needle = Array(service.metadata.name.utf8)
        var budget = maximumBytes
        for log in snapshot.logs where log.namespace == namespace {
            let pod = snapshot.pod(log.pod, in: log.namespace)
            if let pod, owners.contains(snapshot.owner(of: pod)) { continue }
            // What the run before said counts while the present one does no better.
            guard !log.isPrevious || pod.map({ !$0.status.isReady }) ?? false else { continue }
            for line in log.lines.reversed() {
                budget -= line.utf8.count
                guard budget > 0 else { return nil }
                guard line.utf8.containsWord(needle) else { continue }
                let lowered = line.lowercased()
                guard signs.contains(where: lowered.contains) else { continue }
                return EvidenceItem(
                    kind: .log,
                    source: "log of container \(log.container)",
                    object: pod?.reference ?? Pod.apiResource.reference(log.pod, in: log.namespace),
                    text: LogLine.shortened(line)
                )
            }
        }
        return nil
    }
}

extension String.UTF8View {
    /// Whether a name is among the bytes, and not a part of a longer name.
    func containsWord(_ name: [UInt8]) -> Bool {
        withContiguousStorageIfAvailable { Self.contains(name, in: $0) }
            ?? Array(self).withUnsafeBufferPointer { Self.contains(name, in: $0) }
    }

    private static func contains(_ name: [UInt8], in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = name.first else { return false }
        func isPart(_ byte: UInt8) -> Bool {
            byte == 45 || byte == 95 || (48...57).contains(byte) || (65...90).contains(byte)
                || (97...122).contains(byte)
        }
        var start = 0
        while start + name.count <= bytes.count {
            defer { start += 1 }
            let end = start + name.count
            guard bytes[start] == first, bytes[start..<end].elementsEqual(name) else { continue }
            if (start == 0 || !isPart(bytes[start - 1])) && (end == bytes.count || !isPart(bytes[end])) { return true }
        }
        return false
    }
}
