// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import JSON
import KubeAPI
import Testing

/// Builds small clusters in the words of the API, so that the tests read what an API server would send.
struct Fixture {
    static let now = Timestamp(seconds: 1_800_000_000)

    private(set) var snapshot: Snapshot

    init(subject: ObjectReference? = nil) { snapshot = Snapshot(subject: subject, takenAt: Self.now) }

    /// A Deployment with its ReplicaSet.
    mutating func deployment(_ name: String, replicas: Int = 1, ready: Int = 0) throws {
        var deployment = try JSON.decode(
            Workload.self,
            from: """
                {"metadata": {"name": "\(name)", "namespace": "shop", "uid": "deployment-\(name)"},
                 "spec": {"replicas": \(replicas)}, "status": {"replicas": \(replicas), "readyReplicas": \(ready)}}
                """
        )
        deployment.kind = "Deployment"
        var replicaSet = try JSON.decode(
            Workload.self,
            from: """
                {"metadata": {"name": "\(name)-abc", "namespace": "shop", "uid": "replicaset-\(name)", "ownerReferences":
                  [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "\(name)", "uid": "deployment-\(name)",
                    "controller": true}]},
                 "spec": {"replicas": \(replicas)}, "status": {"replicas": \(replicas), "readyReplicas": \(ready)}}
                """
        )
        replicaSet.kind = "ReplicaSet"
        snapshot.workloads += [deployment, replicaSet]
    }

    /// A workload of any kind.
    mutating func workload(_ kind: String, _ json: String) throws {
        var workload = try JSON.decode(Workload.self, from: json)
        workload.kind = kind
        snapshot.add(workload)
    }

    /// A pod of a Deployment with one container `app`.
    /// - Parameters:
    ///   - status: the fields of the container's status besides its name.
    ///   - more: further fields of the pod's metadata, with a comma in front.
    mutating func pod(
        _ name: String,
        of deployment: String? = nil,
        phase: String = "Running",
        ready: Bool = false,
        status: String,
        limits: String = "{}",
        more: String = ""
    ) throws {
        let owner = deployment.map {
            """
            , "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "\($0)-abc",
              "uid": "replicaset-\($0)", "controller": true}]
            """
        }
        let pod = try JSON.decode(
            Pod.self,
            from: """
                {"metadata": {"name": "\(name)", "namespace": "shop", "uid": "pod-\(name)"\(owner ?? "")\(more)},
                 "spec": {"containers": [{"name": "app", "image": "registry.local/app:1",
                                          "resources": {"limits": \(limits)}}]},
                 "status": {"phase": "\(phase)", "conditions": [{"type": "Ready", "status": "\(ready ? "True" : "False")"}],
                            "containerStatuses": [{"name": "app", "ready": \(ready), \(status)}]}}
                """
        )
        snapshot.add(pod)
    }

    /// A pod as the API server would send it, given as its spec and status; `owner` is `Kind/name`.
    mutating func rawPod(
        _ name: String,
        owner: String? = nil,
        spec: String = #"{"containers": [{"name": "app", "image": "registry.local/app:1"}]}"#,
        status: String,
        more: String = ""
    ) throws {
        let parts = owner.map { $0.split(separator: "/") } ?? []
        let ownership =
            parts.count == 2
            ? """
            , "ownerReferences": [{"apiVersion": "apps/v1", "kind": "\(parts[0])", "name": "\(parts[1])",
              "uid": "\(parts[0].lowercased())-\(parts[1])", "controller": true}]
            """ : ""
        snapshot.add(
            try JSON.decode(
                Pod.self,
                from: """
                    {"metadata": {"name": "\(name)", "namespace": "shop", "uid": "pod-\(name)"\(ownership)\(more)},
                     "spec": \(spec), "status": \(status)}
                    """
            )
        )
    }

    /// A workload with its identity in the form that ``rawPod(_:owner:spec:status:more:)`` refers to.
    mutating func workload(_ kind: String, _ name: String, spec: String, status: String = "{}") throws {
        try workload(
            kind,
            """
            {"metadata": {"name": "\(name)", "namespace": "shop", "uid": "\(kind.lowercased())-\(name)"},
             "spec": \(spec), "status": \(status)}
            """
        )
    }

    /// An event about any object.
    mutating func event(
        kind: String,
        _ name: String,
        reason: String,
        secondsAgo: Int = 5,
        path: String = "",
        _ message: String
    ) throws {
        var event = Event(metadata: ObjectMeta())
        event.involvedObject = ObjectReference(kind: kind, namespace: "shop", name: name, fieldPath: path)
        event.reason = reason
        event.message = message
        event.lastTimestamp = Self.now.advanced(by: .seconds(-secondsAgo))
        snapshot.add(event)
    }

    mutating func event(about pod: String, uid: String? = nil, reason: String, message: String) throws {
        snapshot.add(
            try JSON.decode(
                Event.self,
                from: """
                    {"involvedObject": {"kind": "Pod", "namespace": "shop", "name": "\(pod)", "uid": "\(uid ?? "pod-\(pod)")"},
                     "reason": "\(reason)", "message": "\(message)", "type": "Warning", "count": 3,
                     "lastTimestamp": "\(Self.now)"}
                    """
            )
        )
    }

    mutating func log(of pod: String, previous: Bool = false, _ lines: String...) {
        snapshot.logs.append(
            ContainerLog(namespace: "shop", pod: pod, container: "app", isPrevious: previous, lines: lines)
        )
    }

    mutating func edit(_ change: (inout Snapshot) -> Void) { change(&snapshot) }

    var conclusion: Conclusion {
        let assessment = Assessment(of: snapshot)
        // docs/detections.md is made from what the analyzers declare; whatever a test makes them find has to be there.
        let undeclared = Set(assessment.findings.map(\.causeClass)).subtracting(Analyzers.detections.map(\.causeClass))
        #expect(undeclared.isEmpty, "no analyzer declares it")
        return Conclusion(
            subject: snapshot.subject,
            findings: assessment.findings,
            explanations: assessment.explanations,
            unreadable: snapshot.unreadable
        )
    }

    /// The status of a container that keeps crashing.
    static func crashLoop(
        exitCode: Int = 1,
        reason: String = "Error",
        message: String = "",
        restarts: Int = 5,
        lastRun: Int = 2
    ) -> String {
        """
        "restartCount": \(restarts), "state": {"waiting": {"reason": "CrashLoopBackOff",
          "message": "back-off 1m20s restarting failed container"}},
        "lastState": {"terminated": {"exitCode": \(exitCode), "reason": "\(reason)", "message": "\(message)",
          "startedAt": "\(now.advanced(by: .seconds(-58 - lastRun)))", "finishedAt": "\(now.advanced(by: .seconds(-58)))"}}
        """
    }

    /// The status of a container that runs again after a failure.
    static func running(for seconds: Int, lastRun: Int = 2, reason: String = "Error", exitCode: Int = 1) -> String {
        let start = now.advanced(by: .seconds(-seconds))
        return """
            "restartCount": 3, "state": {"running": {"startedAt": "\(start)"}},
            "lastState": {"terminated": {"exitCode": \(exitCode), "reason": "\(reason)",
              "startedAt": "\(start.advanced(by: .seconds(-lastRun - 10)))",
              "finishedAt": "\(start.advanced(by: .seconds(-10)))"}}
            """
    }

    /// The status of a container that waits for its image.
    static func waiting(_ reason: String, _ message: String = "") -> String {
        """
        "restartCount": 0, "state": {"waiting": {"reason": "\(reason)", "message": "\(message)"}}
        """
    }
}
