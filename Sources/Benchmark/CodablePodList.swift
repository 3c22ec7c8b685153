// SPDX-License-Identifier: Apache-2.0
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
        var tolerations: [Toleration]?
        var volumes: [Volume]?
        var securityContext: SecurityContext?
    }

    struct Toleration: Decodable {
        var key: String?
        var `operator`: String?
        var value: String?
        var effect: String?
        var tolerationSeconds: Int64?
    }

    struct Volume: Decodable {
        struct Projection: Decodable {
            struct Source: Decodable {
                struct Token: Decodable {
                    var audience: String?
                }

                var serviceAccountToken: Token?
            }

            var sources: [Source]
        }

        var name: String
        var projected: Projection?
    }

    struct SecurityContext: Decodable {
        var runAsUser: Int64?
        var runAsGroup: Int64?
        var runAsNonRoot: Bool?
        var fsGroup: Int64?
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

        struct Variable: Decodable {
            struct Source: Decodable {
                struct Field: Decodable {
                    var fieldPath: String
                }

                var fieldRef: Field?
            }

            var name: String
            var value: String?
            var valueFrom: Source?
        }

        var name: String
        var image: String
        var imagePullPolicy: String?
        var env: [Variable]?
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
        var podIP: String?
        var qosClass: String?
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
        var started: Bool?
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
