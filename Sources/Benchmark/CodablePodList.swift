// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

/// The fields of a pod list that ``KubeAPI`` reads, as one would write them for Foundation's decoder.
struct CodablePodList: Decodable {
    struct Metadata: Decodable {
        var resourceVersion: String?
    }

    var metadata: Metadata
    var items: [CodablePod]
}

struct CodablePod: Decodable {
    struct Metadata: Decodable {
        var name: String
        var generateName: String?
        var namespace: String?
        var uid: String?
        var resourceVersion: String?
        var generation: Int64?
        var creationTimestamp: CodableTime?
        var deletionTimestamp: CodableTime?
        var labels: [String: String]?
        var annotations: [String: String]?
        var ownerReferences: [Owner]?
        var finalizers: [String]?
    }

    struct Owner: Decodable {
        var apiVersion: String
        var kind: String
        var name: String
        var uid: String
        var controller: Bool?
        var blockOwnerDeletion: Bool?
    }

    struct Spec: Decodable {
        var nodeName: String?
        var restartPolicy: String?
        var containers: [Container]
        var initContainers: [Container]?
    }

    struct Container: Decodable {
        struct Resources: Decodable {
            var requests: [String: String]?
            var limits: [String: String]?
        }

        var name: String
        var image: String
        var resources: Resources?
    }

    struct Status: Decodable {
        var phase: String
        var reason: String?
        var message: String?
        var conditions: [Condition]?
        var containerStatuses: [ContainerStatus]?
        var initContainerStatuses: [ContainerStatus]?
        var startTime: CodableTime?
    }

    struct Condition: Decodable {
        var type: String
        var status: String
        var reason: String?
        var message: String?
        var lastTransitionTime: CodableTime?
        var observedGeneration: Int64?
    }

    struct ContainerStatus: Decodable {
        var name: String
        var image: String
        var restartCount: Int
        var ready: Bool
        var state: State?
        var lastState: State?
    }

    struct State: Decodable {
        struct Waiting: Decodable {
            var reason: String?
            var message: String?
        }

        struct Running: Decodable {
            var startedAt: CodableTime?
        }

        struct Terminated: Decodable {
            var exitCode: Int
            var signal: Int?
            var reason: String?
            var message: String?
            var startedAt: CodableTime?
            var finishedAt: CodableTime?
        }

        var waiting: Waiting?
        var running: Running?
        var terminated: Terminated?
    }

    var metadata: Metadata
    var spec: Spec
    var status: Status
}

/// A time, read with the same code as in ``KubeAPI``, so that only the JSON is compared.
struct CodableTime: Decodable {
    let value: Timestamp

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Timestamp(text) else { throw BenchmarkError(message: "'\(text)' is no time") }
        self.value = value
    }
}

// MARK: For checking that both have read the same

extension CodablePod {
    var pod: Pod {
        var pod = Pod(
            metadata: ObjectMeta(
                name: metadata.name,
                namespace: metadata.namespace,
                labels: metadata.labels ?? [:],
                annotations: metadata.annotations ?? [:]
            )
        )
        pod.metadata.generateName = metadata.generateName
        pod.metadata.uid = metadata.uid
        pod.metadata.resourceVersion = metadata.resourceVersion
        pod.metadata.generation = metadata.generation
        pod.metadata.creationTimestamp = metadata.creationTimestamp?.value
        pod.metadata.deletionTimestamp = metadata.deletionTimestamp?.value
        pod.metadata.finalizers = metadata.finalizers ?? []
        pod.metadata.ownerReferences = (metadata.ownerReferences ?? []).map { owner in
            OwnerReference(
                apiVersion: owner.apiVersion,
                kind: owner.kind,
                name: owner.name,
                uid: owner.uid,
                isController: owner.controller ?? false,
                blocksOwnerDeletion: owner.blockOwnerDeletion ?? false
            )
        }
        pod.spec.nodeName = spec.nodeName
        pod.spec.restartPolicy = spec.restartPolicy ?? "Always"
        pod.spec.containers = spec.containers.map(\.container)
        pod.spec.initContainers = (spec.initContainers ?? []).map(\.container)
        pod.status.phase = status.phase
        pod.status.reason = status.reason
        pod.status.message = status.message
        pod.status.startTime = status.startTime?.value
        pod.status.conditions = (status.conditions ?? []).map(\.condition)
        pod.status.containerStatuses = (status.containerStatuses ?? []).map(\.containerStatus)
        pod.status.initContainerStatuses = (status.initContainerStatuses ?? []).map(\.containerStatus)
        return pod
    }
}

extension CodablePod.Container {
    var container: Container {
        var container = Container(name: name, image: image)
        container.requests = resources?.requests ?? [:]
        container.limits = resources?.limits ?? [:]
        return container
    }
}

extension CodablePod.Condition {
    var condition: Condition {
        Condition(
            type: type,
            status: Condition.Value(rawValue: status) ?? .unknown,
            reason: reason ?? "",
            message: message ?? "",
            lastTransitionTime: lastTransitionTime?.value,
            observedGeneration: observedGeneration
        )
    }
}

extension CodablePod.ContainerStatus {
    var containerStatus: ContainerStatus {
        var result = ContainerStatus()
        result.name = name
        result.image = image
        result.restartCount = restartCount
        result.isReady = ready
        result.state = state?.containerState ?? ContainerState()
        result.lastState = lastState?.containerState ?? ContainerState()
        return result
    }
}

extension CodablePod.State {
    var containerState: ContainerState {
        var result = ContainerState()
        if let waiting {
            result.waiting = Self.blank.waiting
            result.waiting?.reason = waiting.reason ?? ""
            result.waiting?.message = waiting.message ?? ""
        }
        if let running {
            result.running = Self.blank.running
            result.running?.startedAt = running.startedAt?.value
        }
        if let terminated {
            result.terminated = Self.blank.terminated
            result.terminated?.exitCode = terminated.exitCode
            result.terminated?.signal = terminated.signal
            result.terminated?.reason = terminated.reason ?? ""
            result.terminated?.message = terminated.message ?? ""
            result.terminated?.startedAt = terminated.startedAt?.value
            result.terminated?.finishedAt = terminated.finishedAt?.value
        }
        return result
    }

    /// The three parts, empty: outside of their module only reading JSON makes them.
    private static let blank =
        (try? JSON.decode(ContainerState.self, from: #"{"waiting":{},"running":{},"terminated":{}}"#))
        ?? ContainerState()
}
