// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI

// For checking that both decoders have read the same.

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
        pod.spec.tolerations = (spec.tolerations ?? []).map(\.toleration)
        pod.spec.volumes = (spec.volumes ?? []).map(\.volume)
        pod.spec.securityContext.runAsUser = spec.securityContext?.runAsUser
        pod.spec.securityContext.runAsGroup = spec.securityContext?.runAsGroup
        pod.spec.securityContext.runsAsNonRoot = spec.securityContext?.runAsNonRoot
        pod.spec.securityContext.fsGroup = spec.securityContext?.fsGroup
        pod.status.podIP = status.podIP ?? ""
        pod.status.qosClass = status.qosClass ?? ""
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

extension CodablePod.Toleration {
    var toleration: Toleration {
        var result = Toleration()
        result.key = key ?? ""
        result.condition = self.operator ?? "Equal"
        result.value = value ?? ""
        result.effect = effect ?? ""
        result.seconds = tolerationSeconds
        return result
    }
}

extension CodablePod.Volume {
    var volume: Volume {
        var result = Volume()
        result.name = name
        result.projected = (projected?.sources ?? []).map { source in
            var result = ProjectedSource()
            result.tokenAudience = source.serviceAccountToken?.audience
            return result
        }
        return result
    }
}

extension CodablePod.Container {
    var container: Container {
        var container = Container(name: name, image: image)
        container.imagePullPolicy = imagePullPolicy ?? ""
        container.environment = (env ?? []).map { variable in
            var result = EnvironmentVariable()
            result.name = variable.name
            result.value = variable.value
            result.fieldPath = variable.valueFrom?.fieldRef?.fieldPath
            return result
        }
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
        result.hasStarted = started
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
