// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension EvidenceGraph {
    /// Builds the graph of what was read.
    public init(_ snapshot: Snapshot) {
        self.init()
        addWorkloads(of: snapshot)
        addPods(of: snapshot)
        addClaims(of: snapshot)
        let services = addServices(of: snapshot)
        addTraffic(of: snapshot, to: services)
        addEntries(of: snapshot)
        for autoscaler in snapshot.horizontalPodAutoscalers.items {
            var target = autoscaler.target
            target.namespace = autoscaler.metadata.namespace ?? ""
            connect(autoscaler.reference, to: target, .scaling)
        }
    }

    private mutating func addWorkloads(of snapshot: Snapshot) {
        for workload in snapshot.workloads + snapshot.neighbourWorkloads {
            let number = add(workload.reference)
            let namespace = workload.metadata.namespace ?? ""
            if let controller = workload.metadata.controllerReference {
                connect(number, ownedBy: controller, in: namespace)
            }
            addContent(workload.template, of: number, in: namespace)
            for name in workload.claimStorageClasses { connect(number, to: Self.storageClass(name), .content) }
        }
    }

    private mutating func addPods(of snapshot: Snapshot) {
        for pod in snapshot.pods + snapshot.neighbourPods {
            let number = add(pod.reference)
            let namespace = pod.metadata.namespace ?? ""
            if let controller = pod.metadata.controllerReference {
                connect(number, ownedBy: controller, in: namespace)
            }
            if let node = pod.spec.nodeName, !node.isEmpty {
                connect(number, to: ObjectReference(apiVersion: "v1", kind: "Node", name: node), .placement)
            }
            addContent(pod.spec, of: number, in: namespace)
            for volume in pod.spec.volumes where volume.ephemeralClaim != nil {
                let claim = "\(pod.metadata.name)-\(volume.name)"
                connect(number, to: Self.core("PersistentVolumeClaim", namespace, claim), .content)
            }
        }
    }

    private mutating func connect(_ number: Int, ownedBy controller: OwnerReference, in namespace: String) {
        let owner = add(
            ObjectReference(
                apiVersion: controller.apiVersion,
                kind: controller.kind,
                namespace: namespace,
                name: controller.name,
                uid: controller.uid
            )
        )
        connect(number, to: owner, .owner)
        guard edges[owner].count < Self.maximumFanOut else { return }
        connect(owner, to: number, .member)
    }

    /// What a pod's volumes, variables and account are made from.
    private mutating func addContent(_ spec: PodSpec, of number: Int, in namespace: String) {
        for volume in spec.volumes {
            if let claim = volume.claimName {
                connect(number, to: Self.core("PersistentVolumeClaim", namespace, claim), .content)
            }
            let maps = [volume.configMap] + volume.projected.map(\.configMap)
            let secrets = [volume.secret] + volume.projected.map(\.secret)
            for map in maps.compactMap(\.self) where !map.isOptional {
                connect(number, to: Self.core("ConfigMap", namespace, map.objectName), .content)
            }
            for secret in secrets.compactMap(\.self) where !secret.isOptional {
                connect(number, to: Self.core("Secret", namespace, secret.objectName), .content)
            }
        }
        for container in spec.initContainers + spec.containers {
            let maps = container.environment.map(\.configMapKey) + container.environmentSources.map(\.configMap)
            let secrets = container.environment.map(\.secretKey) + container.environmentSources.map(\.secret)
            for map in maps.compactMap(\.self) where !map.isOptional {
                connect(number, to: Self.core("ConfigMap", namespace, map.name), .content)
            }
            for secret in secrets.compactMap(\.self) where !secret.isOptional {
                connect(number, to: Self.core("Secret", namespace, secret.name), .content)
            }
        }
        if let account = spec.serviceAccountName, !account.isEmpty {
            connect(number, to: Self.core("ServiceAccount", namespace, account), .account)
        }
        for secret in spec.imagePullSecrets {
            connect(number, to: Self.core("Secret", namespace, secret.name), .content)
        }
    }

    private mutating func addClaims(of snapshot: Snapshot) {
        for claim in snapshot.persistentVolumeClaims.items {
            let number = add(claim.reference)
            if !claim.spec.volumeName.isEmpty {
                let volume = ObjectReference(
                    apiVersion: "v1",
                    kind: "PersistentVolume",
                    name: claim.spec.volumeName
                )
                connect(number, to: volume, .content)
            }
            if let name = claim.spec.storageClassName, !name.isEmpty {
                connect(number, to: Self.storageClass(name), .content)
            }
        }
    }

    static func core(_ kind: String, _ namespace: String, _ name: String) -> ObjectReference {
        ObjectReference(apiVersion: "v1", kind: kind, namespace: namespace, name: name)
    }

    private static func storageClass(_ name: String) -> ObjectReference {
        let resource = StorageClass.apiResource
        return ObjectReference(apiVersion: resource.apiVersion, kind: resource.kind, name: name)
    }
}
