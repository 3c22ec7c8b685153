// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension EvidenceGraph {
    /// Connects workloads with the Services whose addresses their configuration holds.
    mutating func addTraffic(of snapshot: Snapshot, to addresses: ServiceAddresses) {
        // Replicas have the same configuration; what names a Service is looked through once for each of them all.
        var namedByMaps: [ObjectKey: [ObjectReference]] = [:]
        for map in snapshot.configMaps.items {
            let namespace = map.metadata.namespace ?? ""
            let names = map.data.sorted { $0.key < $1.key }.flatMap {
                addresses.named(in: $0.value, of: $0.key, from: namespace)
            }
            namedByMaps[ObjectKey(map.reference)] = Array(names.prefix(ServiceAddresses.maximumNames))
        }
        for workload in snapshot.workloads + snapshot.neighbourWorkloads
        where workload.metadata.controllerReference == nil {
            addTraffic(workload.template, of: add(workload.reference), workload.metadata, addresses, namedByMaps)
        }
        for pod in snapshot.pods + snapshot.neighbourPods {
            // Its workload says the same of all its replicas.
            if let controller = pod.metadata.controllerReference,
                snapshot.workload(controller, in: pod.metadata.namespace ?? "") != nil
            {
                continue
            }
            addTraffic(pod.spec, of: add(pod.reference), pod.metadata, addresses, namedByMaps)
        }
    }

    private mutating func addTraffic(
        _ spec: PodSpec,
        of number: Int,
        _ metadata: ObjectMeta,
        _ addresses: ServiceAddresses,
        _ namedByMaps: [ObjectKey: [ObjectReference]]
    ) {
        let namespace = metadata.namespace ?? ""
        for container in spec.initContainers + spec.containers {
            for variable in container.environment {
                guard let value = variable.value else { continue }
                for service in addresses.named(in: value, of: variable.name, from: namespace) {
                    connect(number, to: service, .traffic)
                }
            }
            let words = container.command + container.arguments
            for (index, word) in words.enumerated() {
                // The name of an option stands before its value: `--host=db`, or `--host db`.
                let parts = word.split(separator: "=", maxSplits: 1)
                let option = parts.count == 2 ? String(parts[0]) : index > 0 ? words[index - 1] : ""
                let value = parts.count == 2 ? String(parts[1]) : word
                for service in addresses.named(in: value, of: option, from: namespace) {
                    connect(number, to: service, .traffic)
                }
            }
        }
        // What stands in a ConfigMap that it uses is its configuration too.
        for edge in edges[number] where edge.relation == .content {
            for service in namedByMaps[ObjectKey(objects[edge.target])] ?? [] {
                connect(number, to: service, .traffic)
            }
        }
    }
}
