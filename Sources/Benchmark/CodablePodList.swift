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
        var nodeSelector: [String: String]?
        var affinity: Affinity?
        var schedulerName: String?
        var serviceAccountName: String?
        var schedulingGates: [Named]?
    }

    struct Affinity: Decodable {
        struct NodeAffinity: Decodable {
            var requiredDuringSchedulingIgnoredDuringExecution: Present?
        }

        var nodeAffinity: NodeAffinity?
    }

    struct Named: Decodable {
        var name: String
    }

    /// Something of which only its being there matters.
    struct Present: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    struct Container: Decodable {
        struct Resources: Decodable {
            var requests: [String: String]?
            var limits: [String: String]?
        }

        struct Mount: Decodable {
            var name: String
            var mountPath: String
        }

        struct Port: Decodable {
            var name: String?
            var containerPort: Int
            var `protocol`: String?
        }

        struct Probe: Decodable {
            struct Call: Decodable {
                var port: NumberOrName?
                var path: String?
                var scheme: String?
            }

            var exec: Call?
            var httpGet: Call?
            var tcpSocket: Call?
            var grpc: Call?
            var initialDelaySeconds: Int?
            var periodSeconds: Int?
            var timeoutSeconds: Int?
            var failureThreshold: Int?
        }

        var name: String
        var image: String
        var resources: Resources?
        var ports: [Port]?
        var volumeMounts: [Mount]?
        var livenessProbe: Probe?
        var readinessProbe: Probe?
        var startupProbe: Probe?
        var restartPolicy: String?
    }

    struct Status: Decodable {
        var phase: String
        var reason: String?
        var message: String?
        var conditions: [Condition]?
        var containerStatuses: [ContainerStatus]?
        var initContainerStatuses: [ContainerStatus]?
        var ephemeralContainerStatuses: [ContainerStatus]?
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

/// A port in the two ways it may be written.
struct NumberOrName: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
            text = String(number)
        } else {
            text = try value.decode(String.self)
        }
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
        pod.spec.nodeSelector = spec.nodeSelector ?? [:]
        if spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution != nil {
            pod.spec.affinity.requiredNodes = NodeSelector()
        }
        pod.spec.schedulerName = spec.schedulerName
        pod.spec.serviceAccountName = spec.serviceAccountName
        pod.spec.schedulingGates = (spec.schedulingGates ?? []).map(\.name)
        pod.status.phase = status.phase
        pod.status.reason = status.reason
        pod.status.message = status.message
        pod.status.startTime = status.startTime?.value
        pod.status.conditions = (status.conditions ?? []).map(\.condition)
        pod.status.containerStatuses = (status.containerStatuses ?? []).map(\.containerStatus)
        pod.status.initContainerStatuses = (status.initContainerStatuses ?? []).map(\.containerStatus)
        pod.status.ephemeralContainerStatuses = (status.ephemeralContainerStatuses ?? []).map(\.containerStatus)
        return pod
    }
}

extension CodablePod.Container {
    var container: Container {
        var container = Container(name: name, image: image)
        container.requests = resources?.requests ?? [:]
        container.limits = resources?.limits ?? [:]
        container.ports = (ports ?? []).map { port in
            var result = Container.Port()
            result.name = port.name
            result.number = port.containerPort
            result.transport = port.protocol ?? "TCP"
            return result
        }
        container.mounts = (volumeMounts ?? []).map { mount in
            var result = Container.Mount()
            result.name = mount.name
            result.path = mount.mountPath
            return result
        }
        container.livenessProbe = livenessProbe?.probe
        container.readinessProbe = readinessProbe?.probe
        container.startupProbe = startupProbe?.probe
        container.restartPolicy = restartPolicy
        return container
    }
}

extension CodablePod.Container.Probe {
    var probe: Probe {
        var result = Probe()
        let calls: [(Probe.Method, Call?)] = [
            (.exec, exec), (.httpGet, httpGet), (.tcpSocket, tcpSocket), (.grpc, grpc),
        ]
        for case (let method, let call?) in calls {
            result.method = method
            result.port = call.port?.text
            result.path = call.path
            result.scheme = call.scheme
        }
        result.initialDelaySeconds = initialDelaySeconds ?? 0
        result.periodSeconds = periodSeconds ?? 10
        result.timeoutSeconds = timeoutSeconds ?? 1
        result.failureThreshold = failureThreshold ?? 3
        return result
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
