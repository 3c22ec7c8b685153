// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension ClusterAgent {
    /// What is wrong with the agent's name and spec, in the order of the fields; empty if nothing is.
    /// - Parameter hasDefaultServer: whether the operator's configuration says how Remote agents reach its cluster;
    ///   then `spec.connection.server` may be missing.
    public func validate(hasDefaultServer: Bool = false) -> [FieldError] {
        if let unreadableSpec { return [unreadableSpec] }
        var checks = FieldChecks()
        checks.text("metadata.name", metadata.name, 1...Self.maximumNameLength, .dnsLabel)
        checks.known("spec.mode", spec.mode)
        checks.range("spec.priorityWeight", spec.priorityWeight, -1000...1000)
        checks.kubeconfig("spec.target.kubeconfigSecretRef", spec.target.kubeconfigSecretRef, mode: spec.mode)
        checks.connection("spec.connection", spec.connection)
        if spec.mode == .remote, spec.connection.server == nil, !hasDefaultServer {
            checks.report("spec.connection.server", "is missing; mode Remote needs the URL of this cluster's server")
        }
        checks.heartbeat("spec.heartbeat", spec.heartbeat)
        checks.reportSettings("spec.report", spec.report)
        checks.access("spec.access", spec.access)
        checks.diagnosis("spec.diagnosis", spec.diagnosis)
        checks.agent("spec.agent", spec.agent)
        return checks.errors
    }
}

extension FieldChecks {
    fileprivate mutating func kubeconfig(
        _ field: String,
        _ reference: ClusterAgent.KubeconfigReference?,
        mode: ClusterAgent.Mode
    ) {
        guard let reference else {
            if mode == .hosted { report(field, "is missing; mode Hosted needs a Secret with a kubeconfig") }
            return
        }
        text("\(field).name", reference.name, 1...253, .dnsSubdomain)
        text("\(field).key", reference.key, 1...253, .secretKey)
    }

    fileprivate mutating func connection(_ field: String, _ connection: ClusterAgent.Connection) {
        text("\(field).server", connection.server, 0...2048, .httpsURL)
        text("\(field).caBundle", connection.caBundle, 0...24576, .base64)
        text("\(field).proxyURL", connection.proxyURL, 0...2048, .proxyURL)
        port("\(field).server", connection.server)
        port("\(field).proxyURL", connection.proxyURL)
        if let proxy = connection.proxyURL, hasPassword(proxy) {
            report("\(field).proxyURL", "holds a password; it would be readable to everybody who may read the object")
        }
    }

    /// The port of a URL, if it names one, must be one.
    private mutating func port(_ field: String, _ url: String?) {
        guard let url, let authority = authority(of: url) else { return }
        let host = authority[(authority.lastIndex(of: "@").map(authority.index(after:)) ?? authority.startIndex)...]
        // The colons of an address of IPv6 stand in brackets.
        let rest = host[(host.lastIndex(of: "]") ?? host.startIndex)...]
        guard let colon = rest.firstIndex(of: ":") else { return }
        let port = rest[rest.index(after: colon)...]
        guard !port.allSatisfy({ "0123456789".contains($0) }) || !(1...65535).contains(Int(port) ?? 0) else { return }
        report(field, "has the port '\(String(port).bounded(toUTF8: 80))'; allowed are 1 to 65535")
    }

    /// Whether the authority of a URL has a password: `scheme://user:password@host`.
    private func hasPassword(_ url: String) -> Bool {
        guard let authority = authority(of: url), let end = authority.lastIndex(of: "@") else { return false }
        return authority[..<end].contains(":")
    }

    /// What of a URL says where it leads: user, host and port.
    private func authority(of url: String) -> Substring? {
        guard let start = url.firstRange(of: "://")?.upperBound else { return nil }
        return url[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    fileprivate mutating func heartbeat(_ field: String, _ heartbeat: ClusterAgent.Heartbeat) {
        range("\(field).intervalSeconds", heartbeat.intervalSeconds, 5...300)
        range("\(field).offlineAfterSeconds", heartbeat.offlineAfterSeconds, 10...3600)
        let (least, overflow) = heartbeat.intervalSeconds.multipliedReportingOverflow(by: 2)
        if !overflow, heartbeat.offlineAfterSeconds < least {
            report(
                "\(field).offlineAfterSeconds",
                "is \(heartbeat.offlineAfterSeconds); allowed is at least twice intervalSeconds, \(least)"
            )
        }
    }

    fileprivate mutating func reportSettings(_ field: String, _ settings: ClusterAgent.ReportSettings) {
        range("\(field).metricsIntervalSeconds", settings.metricsIntervalSeconds, 10...3600)
        range("\(field).bufferSize", settings.bufferSize, 10...100_000)
        known("\(field).events.minSeverity", settings.events.minSeverity)
        texts("\(field).events.reasons", settings.events.reasons, atMost: 100, each: 1...128)
        texts("\(field).events.namespaces", settings.events.namespaces, atMost: 100, each: 1...63, .namespacePattern)
        count("\(field).events.severities", settings.events.severities, 0...100)
        for (reason, severity) in settings.events.severities.sorted(by: { $0.key < $1.key }) {
            known("\(field).events.severities.\(reason)", severity)
        }
    }

    fileprivate mutating func access(_ field: String, _ access: ClusterAgent.Access) {
        texts("\(field).namespaces.include", access.namespaces.include, atMost: 200, each: 1...63, .namespacePattern)
        texts("\(field).namespaces.exclude", access.namespaces.exclude, atMost: 200, each: 1...63, .namespacePattern)
        texts("\(field).actions", access.actions, atMost: 64, each: 1...63, .actionOrAll)
        count("\(field).tenants", access.tenants, 0...100)
        for (index, grant) in access.tenants.enumerated() {
            text("\(field).tenants[\(index)].hubNamespace", grant.hubNamespace, 1...63, .dnsLabel)
            count("\(field).tenants[\(index)].namespaces", grant.namespaces, 1...50)
            for (position, namespace) in grant.namespaces.enumerated() {
                text("\(field).tenants[\(index)].namespaces[\(position)]", namespace, 1...63, .namespacePattern)
            }
        }
    }

    fileprivate mutating func diagnosis(_ field: String, _ settings: ClusterAgent.DiagnosisSettings) {
        known("\(field).minSeverity", settings.minSeverity)
        range("\(field).cooldownSeconds", settings.cooldownSeconds, 0...604_800)
        count("\(field).mute", settings.mute, 0...100)
        for (index, rule) in settings.mute.enumerated() {
            text("\(field).mute[\(index)].namespace", rule.namespace, 1...63, .namespacePattern)
            text("\(field).mute[\(index)].owner", rule.owner, 1...317, .ownerName)
            text("\(field).mute[\(index)].reason", rule.reason, 1...128)
            if rule.namespace == nil, rule.owner == nil, rule.reason == nil {
                report("\(field).mute[\(index)]", "would mute everything; needed is one of namespace, owner and reason")
            }
        }
        count("\(field).namespaceWeights", settings.namespaceWeights, 0...200)
        for (namespace, weight) in settings.namespaceWeights.sorted(by: { $0.key < $1.key }) {
            range("\(field).namespaceWeights.\(namespace)", weight, -1000...1000)
        }
    }
}
