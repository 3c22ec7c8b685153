// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// Tells which Service a host name or address means, and what stands behind it.
struct ServiceDirectory {
    /// What a host name means within the cluster, by its form.
    enum Meaning {
        /// A Service that was seen.
        case service(Service)
        /// A Service that there is not.
        case missing(namespace: String, name: String)
        /// Nothing in the cluster, or nobody can tell.
        case unknown
    }

    private let snapshot: Snapshot
    private let servicesByAddress: [String: Service]

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        var addresses: [String: Service] = [:]
        for service in snapshot.services.items {
            if let address = service.clusterIP, ConnectionTarget.isAddress(address) { addresses[address] = service }
        }
        servicesByAddress = addresses
    }

    /// What a host means to the pods of a namespace.
    ///
    /// The search path of a pod makes `name`, `name.namespace` and `name.namespace.svc` the same as the full name; a pod
    /// of a headless Service has its name in front. A single word is a Service's name by its form, and so is what ends
    /// with `.svc` or `.svc.cluster.local`; any other name with dots may as well be in the Internet.
    func meaning(of host: String, in namespace: String) -> Meaning {
        if ConnectionTarget.isAddress(host) { return servicesByAddress[host].map(Meaning.service) ?? .unknown }
        var labels = host.split(separator: ".").map(String.init)
        let isFull = labels.count > 2 && labels.contains("svc")
        if let mark = labels.lastIndex(of: "svc"), mark >= 2 { labels.removeSubrange(mark...) }
        switch labels.count {
        case 1: return service(labels[0], namespace, isCertain: true)
        case 2:
            let found = service(labels[0], labels[1], isCertain: isFull)
            if case .service = found { return found }
            // "pod.service" within the namespace itself.
            if !isFull, let own = snapshot.services[labels[1], in: namespace] { return .service(own) }
            return found
        case 3: return service(labels[1], labels[2], isCertain: isFull)
        default: return .unknown
        }
    }

    private func service(_ name: String, _ namespace: String, isCertain: Bool) -> Meaning {
        if let service = snapshot.services[name, in: namespace] { return .service(service) }
        guard isCertain || snapshot.namespaces[namespace] != nil,
            snapshot.services.contains(name, in: namespace) == false
        else { return .unknown }
        return .missing(namespace: namespace, name: name)
    }

    /// The Service that a host means, if it was seen.
    func service(_ host: String, from namespace: String) -> Service? {
        guard case .service(let service) = meaning(of: host, in: namespace) else { return nil }
        return service
    }

    /// The pods that a Service selects.
    func pods(of service: Service) -> [Pod] {
        guard !service.selector.isEmpty else { return [] }
        return snapshot.pods(
            matching: LabelSelector(matchLabels: service.selector),
            in: service.metadata.namespace ?? ""
        )
    }

    /// The workload behind a Service: that of its pods, or that whose pods it would select.
    func workload(of service: Service) -> ObjectReference? {
        let owners = Set(pods(of: service).map { snapshot.owner(of: $0) })
        if let owner = owners.min(by: { $0.description < $1.description }) { return owner }
        guard !service.selector.isEmpty else { return nil }
        let selector = LabelSelector(matchLabels: service.selector)
        let workload = snapshot.allWorkloads.first { workload in
            workload.metadata.namespace == service.metadata.namespace && workload.metadata.controllerReference == nil
                && selector.matches(workload.templateLabels)
        }
        return workload?.reference
    }

    /// Whether somebody answers for a Service; nil if nobody can tell.
    func isServed(_ service: Service) -> Bool? {
        let (name, namespace) = (service.metadata.name, service.metadata.namespace ?? "")
        if service.type == "ExternalName" { return nil }
        let slices = snapshot.endpointSlices.items(in: namespace).filter { $0.serviceName == name }
        if !slices.isEmpty { return slices.contains { $0.endpoints.contains { $0.isReady != false } } }
        if let endpoints = snapshot.endpoints[name, in: namespace] { return endpoints.hasReadyAddress }
        guard !service.selector.isEmpty, snapshot.coverage["Pod", default: .nothing].includes(namespace) else {
            return nil
        }
        return pods(of: service).contains { $0.status.isReady && $0.metadata.deletionTimestamp == nil }
    }

    /// The Services that do not answer to a pod by their own address although somebody stands behind them.
    func silentServices(for pod: Pod) -> [Service] {
        var seen: Set<String> = []
        return snapshot.complaints.compactMap { complaint in
            let owner = complaint.container.pod
            guard complaint.sign == .connectionTimeout, let host = complaint.target?.host,
                owner.metadata.name == pod.metadata.name, owner.metadata.namespace == pod.metadata.namespace,
                let service = servicesByAddress[host], isServed(service) == true, seen.insert(host).inserted
            else { return nil }
            return service
        }
    }

    /// Whether a Service forwards a port; nil for one without ports of its own to forward.
    ///
    /// A headless Service forwards nothing: the caller reaches whatever port the pod listens on.
    func forwards(_ service: Service, _ port: Int) -> Bool? {
        guard service.type != "ExternalName", !service.ports.isEmpty else { return nil }
        if service.ports.contains(where: { $0.port == port }) { return true }
        guard service.clusterIP == "None" || service.clusterIP == nil else { return false }
        let declared = pods(of: service).flatMap { $0.spec.containers.flatMap(\.ports) }
        return declared.isEmpty ? nil : declared.contains { $0.number == port }
    }

    /// The workloads of a namespace that serve a kind of database, each with its pods.
    func databases(_ kind: DatabaseKind, in namespace: String) -> [(owner: ObjectReference, pods: [Pod])] {
        var pods: [ObjectReference: [Pod]] = [:]
        for pod in snapshot.pods(in: namespace)
        where pod.spec.containers.contains(where: { DatabaseKind.served(by: $0) == kind }) {
            pods[snapshot.owner(of: pod), default: []].append(pod)
        }
        return pods.sorted { $0.key.description < $1.key.description }.map { ($0.key, $0.value) }
    }
}
