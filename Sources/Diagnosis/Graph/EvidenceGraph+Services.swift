// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension EvidenceGraph {
    /// Connects each Service with the pods and workloads that answer for it.
    /// - Returns: the addresses of the Services.
    mutating func addServices(of snapshot: Snapshot) -> ServiceAddresses {
        var pods = LabelTable()
        let allPods = snapshot.pods + snapshot.neighbourPods
        for pod in allPods { pods.append(pod.metadata.labels, in: pod.metadata.namespace ?? "") }
        var templates = LabelTable()
        // A ReplicaSet speaks for its Deployment's past; who owns the others is what somebody would edit.
        let workloads = (snapshot.workloads + snapshot.neighbourWorkloads).filter {
            $0.metadata.controllerReference == nil
        }
        for workload in workloads { templates.append(workload.templateLabels, in: workload.metadata.namespace ?? "") }

        var addresses = ServiceAddresses()
        for service in snapshot.services.items {
            let number = add(service.reference)
            let namespace = service.metadata.namespace ?? ""
            addresses.add(service.metadata.name, in: namespace)
            // Workloads come first: a Service of many pods still has the one that a person would edit.
            for index in templates.matches(service.selector, in: namespace).prefix(Self.maximumFanOut) {
                connect(number, to: add(workloads[index].reference), .backend)
            }
            for index in pods.matches(service.selector, in: namespace).prefix(Self.maximumFanOut) {
                connect(number, to: add(allPods[index].reference), .backend)
            }
            if service.type == "ExternalName", let name = service.externalName,
                let target = addresses.qualified(name)
            {
                connect(number, to: target, .traffic)
            }
        }
        // What has no selector is served by whatever somebody has entered.
        for endpoints in snapshot.endpoints.items {
            let service = Self.core("Service", endpoints.metadata.namespace ?? "", endpoints.metadata.name)
            guard let number = number(of: service) else { continue }
            let targets = endpoints.subsets.flatMap { $0.addresses + $0.notReadyAddresses }.compactMap(\.target)
            for target in targets.prefix(Self.maximumFanOut) { connect(number, to: target, .backend) }
        }
        for slice in snapshot.endpointSlices.items {
            guard let name = slice.serviceName,
                let number = number(of: Self.core("Service", slice.metadata.namespace ?? "", name))
            else { continue }
            let targets = slice.endpoints.compactMap(\.target)
            for target in targets.prefix(Self.maximumFanOut) { connect(number, to: target, .backend) }
        }
        return addresses
    }

    /// Connects what traffic enters through with the Services behind it.
    mutating func addEntries(of snapshot: Snapshot) {
        for ingress in snapshot.ingresses.items {
            let number = add(ingress.reference)
            let namespace = ingress.metadata.namespace ?? ""
            for name in ingress.backends.compactMap(\.serviceName) {
                connect(number, to: Self.core("Service", namespace, name), .traffic)
            }
            for name in ingress.tls.compactMap(\.secretName) where !name.isEmpty {
                connect(number, to: Self.core("Secret", namespace, name), .content)
            }
        }
        for route in snapshot.routes.items {
            let namespace = route.metadata.namespace ?? ""
            let version = Route.kinds.first { $0.kind == route.kind }?.apiVersion ?? ""
            let number = add(
                ObjectReference(
                    apiVersion: version,
                    kind: route.kind,
                    namespace: namespace,
                    name: route.metadata.name,
                    uid: route.metadata.uid
                )
            )
            for backend in route.backends where backend.kind ?? "Service" == "Service" {
                connect(number, to: Self.core("Service", backend.namespace ?? namespace, backend.name), .traffic)
            }
            for parent in route.parents where parent.kind ?? "Gateway" == "Gateway" {
                var gateway = Gateway(metadata: ObjectMeta()).reference
                gateway.namespace = parent.namespace ?? namespace
                gateway.name = parent.name
                connect(number, to: gateway, .traffic)
            }
        }
    }
}
