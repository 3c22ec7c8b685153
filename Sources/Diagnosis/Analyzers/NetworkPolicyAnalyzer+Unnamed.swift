// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension NetworkPolicyAnalyzer {
    /// How often a program that does well has to say that it gets no answer.
    private static let minimumCount = 3

    /// The policy behind complaints about silence that do not say whose.
    ///
    /// The program talks to the Services in its settings, and to those that its log names. It counts only if policies keep
    /// it from exactly one of them, and from no port of any other.
    func unnamedFindings(
        _ complaints: [Complaint],
        _ reach: NetworkReach,
        _ backends: ServiceBackends,
        _ snapshot: Snapshot
    ) -> [Finding] {
        var groups: [String: [Complaint]] = [:]
        var order: [String] = []
        for complaint in complaints where !complaint.isAboutName && Self.namesNobody(complaint, snapshot) {
            let key = "\(complaint.pod.reference) \(complaint.container)"
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(complaint)
        }
        let directory = ServiceDirectory(snapshot)
        return order.compactMap { key in
            guard let group = groups[key], let complaint = group.first,
                !complaint.pod.status.isReady || group.count >= Self.minimumCount
            else { return nil }
            let paths = services(of: complaint, directory, snapshot)
                .compactMap { path(from: complaint.pod, to: $0, reach, backends, snapshot) }
            let cut = paths.filter { !$0.policies.isEmpty }
            guard cut.count == 1, cut[0].isWhollyBlocked, let policy = cut[0].policies.first else { return nil }
            return finding(policy, complaint, cut[0], confidence: 0.7, snapshot)
        }
    }

    private static func namesNobody(_ complaint: Complaint, _ snapshot: Snapshot) -> Bool {
        let namespace = complaint.pod.metadata.namespace ?? ""
        return ConnectionTarget.all(in: complaint.line).isEmpty
            && !snapshot.services.items.contains { isTarget($0, of: complaint.line, from: namespace) }
    }

    /// The Services in the settings of the program, and those that its log names as addresses.
    private func services(
        of complaint: Complaint,
        _ directory: ServiceDirectory,
        _ snapshot: Snapshot
    ) -> [Service] {
        let namespace = complaint.pod.metadata.namespace ?? ""
        let settings = complaint.pod.spec.containers.filter { $0.name == complaint.container }
            .flatMap { AddressSetting.all(of: $0, in: namespace, snapshot).map(\.target.host) }
        let named = snapshot.logs(of: complaint.container, in: complaint.pod)
            .flatMap { $0.lines.suffix(Self.maximumLines) }
            .flatMap { ConnectionTarget.all(in: $0).map(\.host) }
        var seen: Set<String> = []
        return (settings + named).compactMap { directory.service($0, from: namespace) }
            .filter { seen.insert($0.reference.description).inserted }
    }
}
