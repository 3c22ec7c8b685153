// SPDX-License-Identifier: Apache-2.0
import KubeAPI

/// A workload whose settings hold the address of a Service.
struct AddressUse: Hashable {
    /// The workload.
    var owner: ObjectReference
    /// One of its pods.
    var pod: Pod
    /// The container that has the setting.
    var container: String
    /// The setting.
    var setting: AddressSetting
    /// What it means.
    var service: Service

    static func == (left: AddressUse, right: AddressUse) -> Bool {
        left.owner == right.owner && left.container == right.container && left.setting == right.setting
            && left.pod.metadata.name == right.pod.metadata.name
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(owner)
        hasher.combine(container)
        hasher.combine(setting)
    }

    /// The uses by all pods that were seen; of the replicas of one template, one pod stands for all.
    static func all(in snapshot: Snapshot, _ directory: ServiceDirectory) -> [AddressUse] {
        var seen: Set<String> = []
        // One that is not ready tells more than its like.
        let pods = snapshot.allPods.filter { $0.metadata.deletionTimestamp == nil && $0.status.phase != "Succeeded" }
        let ordered = pods.filter { !$0.status.isReady } + pods.filter(\.status.isReady)
        return ordered.flatMap { pod -> [AddressUse] in
            let namespace = pod.metadata.namespace ?? ""
            let controller = pod.metadata.controllerReference
            let key = "\(namespace)/\(controller.map { "\($0.kind)/\($0.name)" } ?? "Pod/\(pod.metadata.name)")"
            guard seen.insert(key).inserted else { return [] }
            let owner = snapshot.owner(of: pod)
            return pod.spec.containers.flatMap { container in
                AddressSetting.all(of: container, in: namespace, snapshot).compactMap { setting in
                    directory.service(setting.target.host, from: namespace).map {
                        AddressUse(owner: owner, pod: pod, container: container.name, setting: setting, service: $0)
                    }
                }
            }
        }
    }

    /// Whether the Service does not have the port.
    func hasWrongPort(_ directory: ServiceDirectory) -> Bool {
        setting.target.port.map { directory.forwards(service, $0) == false } ?? false
    }

    /// Whether other workloads ask for the same port, and nobody for one that there is: then the Service is wrong.
    func isShared(by wrong: [AddressUse], among uses: [AddressUse]) -> Bool {
        let same = uses.filter { $0.service.reference == service.reference && $0.setting.target.port != nil }
        let owners = Set(same.map(\.owner))
        return owners.count > 1 && same.allSatisfy { $0.setting.target.port == setting.target.port }
            && same.allSatisfy { use in wrong.contains { $0 == use } }
    }

    /// What the workload's logs say about it, by name, by address, or without naming anything.
    func complaint(in snapshot: Snapshot, _ directory: ServiceDirectory) -> Complaint? {
        let namespace = pod.metadata.namespace ?? ""
        let own = snapshot.complaints.filter {
            $0.sign.isAboutConnecting && snapshot.owner(of: $0.container.pod) == owner
        }
        let direct = own.first { complaint in
            guard let target = complaint.target, target.port == nil || target.port == setting.target.port else {
                return false
            }
            return directory.service(target.host, from: namespace)?.reference == service.reference
        }
        return direct ?? own.first { $0.target == nil && $0.isInTrouble }
    }
}
