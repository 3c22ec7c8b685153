// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import Evidence
import FoundationEssentials
import JSON
import KubeAPI
import KubeTesting
import Testing

@Suite("Redaction of a snapshot")
struct SnapshotRedactionTests {
    /// What stands in every text that a user or a program can write.
    ///
    /// Each has its own number, so that one that is left
    /// can be found.
    private struct Canaries {
        private(set) var count = 0

        mutating func next() -> String {
            count += 1
            return "refused: token=canary-\(count) at https://bob:canary-\(count)@db.invalid/x"
        }
    }

    private static func containerStatus(_ canaries: inout Canaries) -> JSONValue {
        func state(_ canaries: inout Canaries) -> JSONValue {
            [
                "waiting": ["reason": .string(canaries.next()), "message": .string(canaries.next())],
                "running": ["startedAt": "2026-01-01T00:00:00Z"],
                "terminated": [
                    "exitCode": 1, "reason": .string(canaries.next()), "message": .string(canaries.next()),
                ],
            ]
        }
        return [
            "name": "app", "image": .string(canaries.next()), "restartCount": 1, "ready": false,
            "state": state(&canaries), "lastState": state(&canaries),
        ]
    }

    private static func spec(_ canaries: inout Canaries) -> JSONValue {
        func probe(_ canaries: inout Canaries) -> JSONValue {
            ["httpGet": ["port": "http", "path": .string(canaries.next()), "host": .string(canaries.next())]]
        }
        func container(_ canaries: inout Canaries) -> JSONValue {
            [
                "name": "app", "image": .string(canaries.next()), "command": [.string(canaries.next())],
                "args": [.string(canaries.next())],
                "env": [["name": "DB_PASSWORD", "value": .string(canaries.next())]],
                "volumeMounts": [["name": "data", "mountPath": .string(canaries.next())]],
                "livenessProbe": probe(&canaries), "readinessProbe": probe(&canaries),
                "startupProbe": probe(&canaries), "resources": ["limits": ["memory": "1Gi"]],
            ]
        }
        return [
            "nodeName": "n1", "containers": [container(&canaries)], "initContainers": [container(&canaries)],
            "ephemeralContainers": [container(&canaries)],
        ]
    }

    private static func metadata(_ name: String, _ canaries: inout Canaries) -> JSONValue {
        [
            "name": .string(name), "namespace": "shop", "uid": .string("uid-\(name)"),
            "annotations": ["example.invalid/note": .string(canaries.next())],
        ]
    }

    private static func conditions(_ canaries: inout Canaries) -> JSONValue {
        [
            [
                "type": "Ready", "status": "False", "reason": .string(canaries.next()),
                "message": .string(canaries.next()),
            ]
        ]
    }

    private func decode<Value: JSONDecodable>(_ type: Value.Type, _ value: JSONValue) throws -> Value {
        try JSON.decode(type, from: String(decoding: JSON.encode(value), as: UTF8.self))
    }

    private func snapshot(_ canaries: inout Canaries) throws -> Snapshot {
        var snapshot = Snapshot(takenAt: Timestamp(seconds: 1_800_000_000))
        let status = [
            Self.containerStatus(&canaries), Self.containerStatus(&canaries), Self.containerStatus(&canaries),
        ]
        snapshot.pods = [
            try decode(
                Pod.self,
                [
                    "metadata": Self.metadata("web", &canaries), "spec": Self.spec(&canaries),
                    "status": [
                        "phase": "Failed", "reason": .string(canaries.next()), "message": .string(canaries.next()),
                        "conditions": Self.conditions(&canaries), "containerStatuses": [status[0]],
                        "initContainerStatuses": [status[1]], "ephemeralContainerStatuses": [status[2]],
                    ],
                ]
            )
        ]
        for kind in Workload.kinds.map(\.kind) {
            var workload = try decode(
                Workload.self,
                [
                    "metadata": Self.metadata("web-\(kind.lowercased())", &canaries),
                    "spec": ["template": ["spec": Self.spec(&canaries)]],
                    "status": ["conditions": Self.conditions(&canaries)],
                ]
            )
            workload.kind = kind
            snapshot.workloads.append(workload)
        }
        snapshot.events = [
            try decode(
                Event.self,
                [
                    "metadata": Self.metadata("event", &canaries), "reason": .string(canaries.next()),
                    "message": .string(canaries.next()), "action": .string(canaries.next()),
                    "involvedObject": ["kind": "Pod", "name": "web"],
                ]
            )
        ]
        snapshot.nodes = Inventory(
            [try decode(Node.self, ["metadata": Self.metadata("n1", &canaries)])],
            coverage: .everything
        )
        snapshot.logs = [
            ContainerLog(
                namespace: "shop",
                pod: "web",
                container: "app",
                isPrevious: true,
                lines: [canaries.next(), canaries.next()]
            )
        ]
        snapshot.unreadable = [Unreadable(what: "logs", reason: "Forbidden", message: canaries.next())]
        return snapshot
    }

    /// Every string in a value, however deep, with the way to it.
    private func strings(in value: Any, at path: String = "snapshot") -> [(path: String, text: String)] {
        if let text = value as? String { return [(path, text)] }
        return Mirror(reflecting: value).children.enumerated().flatMap { index, child in
            strings(in: child.value, at: "\(path).\(child.label ?? String(index))")
        }
    }

    @Test("given a canary in every text of every kind of object, then none is left in any string of the snapshot")
    func canaries() async throws {
        var canaries = Canaries()
        var snapshot = try snapshot(&canaries)
        // The walk does find them: what is kept of them before is more than the places that were forgotten.
        let before = strings(in: snapshot).filter { $0.text.contains("canary") }
        #expect(before.count > 80)

        await snapshot.redact()
        let left = strings(in: snapshot).filter { $0.text.contains("canary") }
        #expect(left.isEmpty, "left at \(left.map(\.path))")
        #expect(strings(in: snapshot).contains { $0.text.contains("refused: token=[redacted]") })
        let findings = Analyzers.findings(in: snapshot)
        #expect(!findings.isEmpty)
        #expect(strings(in: findings).allSatisfy { !$0.text.contains("canary") })
    }

    @Test("given a bundle whose collector could not read a kind, then the reason is told without its secrets")
    func gaps() async throws {
        let collection = """
            {"apiVersion": "aetherius.io/v1alpha1", "kind": "Collection", "gaps": [{"kind": "Node", "what": "Node objects",
              "reason": "Forbidden", "message": "denied, token=canary"}]}
            """
        let pod =
            #"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "namespace": "b"}, "spec": {}, "status": {}}"#
        try await withDirectory { path in
            try Data(collection.utf8).write(to: URL(filePath: "\(path)/collection.json"))
            try Data(pod.utf8).write(to: URL(filePath: "\(path)/pod.json"))
            let snapshot = try await BundleEvidence(path: path).snapshot(of: EvidenceScope(namespace: nil))
            #expect(snapshot.unreadable.map(\.message) == ["denied, token=[redacted]"])
        }
    }
}
