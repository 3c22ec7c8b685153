// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("Pods that failed as a whole, do not go, or wait for an init container")
struct PodStateTests {
    @Test(
        "given a pod that failed without a word about its containers, then its own reason counts",
        arguments: [
            ("Evicted", "The node was low on resource: memory. Threshold quantity: 100Mi", "PodEvicted", "memory"),
            ("Evicted", "", "PodEvicted", "does not say why"),
            ("DeadlineExceeded", "Pod was active on the node longer", "PodDeadlineExceeded", "activeDeadlineSeconds"),
            ("Preempting", "Preempted in order to admit critical pod", "PodPreempted", "more important"),
            ("UnexpectedAdmissionError", "Allocate failed", "PodAdmissionFailed", "Allocate failed"),
            ("OutOfcpu", "Node didn't have enough resource: cpu", "PodAdmissionFailed", "OutOfcpu"),
            ("Terminated", "Pod was terminated in response to imminent node shutdown.", "NodeShutdown", "shut down"),
        ]
    )
    func failed(reason: String, message: String, expected: String, words: String) throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "solo",
            status: #"{"phase": "Failed", "reason": "\#(reason)", "message": "\#(message)"}"#
        )
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.causeClass.rawValue == expected)
        #expect(cause.message.contains(words))
    }

    @Test("given an evicted pod whose workload has all its replicas again, then it is history")
    func replacedAfterEviction() throws {
        var cluster = Fixture()
        try cluster.deployment("web", replicas: 1, ready: 1)
        try cluster.rawPod(
            "web-1",
            owner: "ReplicaSet/web",
            status: #"{"phase": "Failed", "reason": "Evicted", "message": ""}"#
        )
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    /// A workload that is served, and pods of it that were evicted for their own limit.
    private func evicted(
        _ ages: [Int],
        _ message: String = "Pod ephemeral local storage usage exceeds the total limit"
    )
        throws -> Fixture
    {
        var cluster = Fixture()
        try cluster.deployment("web", replicas: 1, ready: 1)
        for (number, age) in ages.enumerated() {
            let time = Fixture.now.advanced(by: .seconds(-age))
            try cluster.rawPod(
                "web-\(number)",
                owner: "ReplicaSet/web",
                status: """
                    {"phase": "Failed", "reason": "Evicted", "message": "\(message)", "conditions":
                      [{"type": "DisruptionTarget", "status": "True", "lastTransitionTime": "\(time)"}]}
                    """
            )
        }
        return cluster
    }

    @Test("given pods evicted one after the other for their own limit, then that is told although another one serves")
    func evictionLoop() throws {
        let cause = try #require(try evicted([60, 500, 1000]).conclusion.rootCause)
        #expect(cause.causeClass == .podEvicted)
        #expect(cause.confidence == 0.6)
        #expect(cause.objects.count == 3)
    }

    @Test(
        "given evictions of days ago, or few, or for what the node lacked, then they are history",
        arguments: [
            ([86_400, 90_000, 95_000, 99_000], "Pod ephemeral local storage usage exceeds the total limit"),
            ([60, 500], "Pod ephemeral local storage usage exceeds the total limit"),
            ([60, 500, 1000], "The node was low on resource: memory. Container app was using 1Gi"),
        ]
    )
    func noEvictionLoop(ages: [Int], message: String) throws {
        #expect(try evicted(ages, message).conclusion.terminationReason == .healthy)
    }

    @Test(
        "given an eviction by a node that still is short of it, then the node is the cause",
        arguments: ["True", "False"]
    )
    func pressure(status: String) throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"nodeName": "n1", "containers": []}"#,
            status: """
                {"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."}
                """
        )
        try cluster.add(
            \.nodes,
            "n1",
            """
            "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "MemoryPressure", "status": "\(status)"}]}
            """
        )
        let conclusion = cluster.conclusion
        #expect(conclusion.rootCause?.causeClass == (status == "True" ? .nodeMemoryPressure : .podEvicted))
        #expect(cluster.findings(.podEvicted).map { $0.related.map(\.kind) } == [status == "True" ? ["Node"] : []])
        if status == "True" { #expect(conclusion.candidates.last?.follows == [0]) }
    }

    @Test("given a pod of which nobody knows any more what it does, then its node is at fault")
    func lost() throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "solo",
            spec: #"{"nodeName": "n1", "containers": []}"#,
            status: #"{"phase": "Unknown", "reason": "NodeLost"}"#,
            more: #", "deletionTimestamp": "2027-01-15T08:00:00Z""#
        )
        #expect(cluster.conclusion.candidates.contains { $0.object.description == "Node/n1" })
    }

    private func leaving(secondsAgo: Int, finalizers: String = "[]") throws -> Conclusion {
        var cluster = Fixture()
        try cluster.rawPod(
            "leaving",
            status: #"{"phase": "Running"}"#,
            more: """
                , "deletionTimestamp": "\(Fixture.now.advanced(by: .seconds(-secondsAgo)))", "finalizers": \(finalizers)
                """
        )
        return cluster.conclusion
    }

    @Test("given a pod that ought to be gone, then what holds it is named; within its grace nothing is wrong")
    func terminating() throws {
        let held = try #require(try leaving(secondsAgo: 600, finalizers: #"["example.invalid/keep"]"#).rootCause)
        #expect(held.causeClass == .finalizerBlocksDeletion)
        #expect(held.message.hasSuffix("example.invalid/keep"))
        #expect(try leaving(secondsAgo: 600).rootCause?.causeClass == .podStuckTerminating)
        #expect(try leaving(secondsAgo: 60).terminationReason == .healthy)
        #expect(try leaving(secondsAgo: -30).terminationReason == .healthy)
    }

    private func initializing(_ seconds: Int, restartPolicy: String = "") throws -> Fixture {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"initContainers": [{"name": "wait"\#(restartPolicy)}], "containers": [{"name": "app"}]}"#,
            status: """
                {"phase": "Pending", "initContainerStatuses": [{"name": "wait", "state": {"running":
                  {"startedAt": "\(Fixture.now.advanced(by: .seconds(-seconds)))"}}}],
                 "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "PodInitializing"}}}]}
                """
        )
        return cluster
    }

    @Test("given an init container that does not end, then it is the cause; one that has just begun is not")
    func stuckInit() throws {
        var stuck = try initializing(1200)
        stuck.edit { snapshot in
            snapshot.logs = [
                ContainerLog(
                    namespace: "shop",
                    pod: "web-1",
                    container: "wait",
                    isPrevious: false,
                    lines: ["waiting for db: connection refused"]
                )
            ]
        }
        #expect(Analyzers.logSources(in: stuck.snapshot).map(\.status.name) == ["wait"])
        #expect(stuck.conclusion.rootCause?.causeClass == .initContainerStuck)
        #expect(stuck.conclusion.rootCause?.message.hasSuffix("connection refused") == true)
        #expect(try initializing(30).conclusion.rootCause == nil)
        // A sidecar is meant to stay.
        #expect(try initializing(1200, restartPolicy: #", "restartPolicy": "Always""#).conclusion.rootCause == nil)
    }

    @Test("given an init container that keeps failing, then it is named and not the one that waits for it")
    func failingInit() throws {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"initContainers": [{"name": "migrate"}], "containers": [{"name": "app"}]}"#,
            status: """
                {"phase": "Pending", "initContainerStatuses": [{"name": "migrate", \(Fixture.crashLoop(exitCode: 3))}],
                 "containerStatuses": [{"name": "app", "state": {"waiting": {"reason": "PodInitializing"}}}]}
                """
        )
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.container == "migrate")
        #expect(cause.message == "init container migrate exits with code 3")
    }

    @Test("given an ephemeral container that cannot start, then it is said but is not why the pod is in trouble")
    func ephemeral() throws {
        func pod(_ status: String) -> String {
            """
            {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}],
             "containerStatuses": [{"name": "app", \(status)}],
             "ephemeralContainerStatuses": [{"name": "debug", "image": "none:1",
               "state": {"waiting": {"reason": "ErrImagePull", "message": "manifest unknown"}}}]}
            """
        }
        var crashing = Fixture()
        try crashing.rawPod("web-1", status: pod(Fixture.crashLoop()))
        #expect(crashing.conclusion.candidates.map(\.container) == ["app", "debug"])

        var well = Fixture()
        let debugging = pod(#""ready": true, "restartCount": 0, "state": {"running": {}}"#)
        try well.rawPod("web-1", status: debugging.replacing(#""False"}]"#, with: #""True"}]"#))
        #expect(well.conclusion.rootCause == nil)
        #expect(well.conclusion.terminationReason == .healthy)
        #expect(well.conclusion.summary.contains("ephemeral container debug"))

        var ended = Fixture()
        try ended.rawPod(
            "web-1",
            status: """
                {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "ephemeralContainerStatuses":
                  [{"name": "debug", "state": {"terminated": {"exitCode": 130, "reason": "Error"}}}]}
                """
        )
        #expect(ended.conclusion.terminationReason == .healthy)
    }

    private func crashing(mounts: String, containers: String = "", log: String) throws -> Conclusion {
        var cluster = Fixture()
        try cluster.rawPod(
            "web-1",
            spec: #"{"containers": [{"name": "app", "volumeMounts": \#(mounts)}\#(containers)]}"#,
            status: #"{"phase": "Running", "containerStatuses": [{"name": "app", \#(Fixture.crashLoop())}]}"#
        )
        cluster.log(of: "web-1", "starting", log)
        return cluster.conclusion
    }

    @Test("given a crash for lack of rights on a volume, then the volume is named; another path is a crash")
    func volumePermission() throws {
        let mounts = #"[{"name": "data", "mountPath": "/data"}]"#
        let refused = try crashing(mounts: mounts, log: "open /data/db: permission denied")
        #expect(refused.candidates.map(\.causeClass) == [.volumePermissionDenied])
        #expect(refused.rootCause?.message.contains("volume data at /data") == true)
        for log in [
            "open /database: permission denied", "open /data/db: no space left", "permission denied",
            "permission denied for user x",
        ] {
            #expect(try crashing(mounts: mounts, log: log).rootCause?.causeClass == .applicationCrash)
        }
    }

    @Test("given a file without a directory that may not be opened, then the only volume of the container is meant")
    func workingDirectory() throws {
        let mount = #"{"name": "data", "mountPath": "/data"}"#
        let log = "can't open the file dump for reading: Permission denied"
        #expect(try crashing(mounts: "[\(mount)]", log: log).rootCause?.causeClass == .volumePermissionDenied)
        let two = #"[\#(mount), {"name": "more", "mountPath": "/more"}]"#
        #expect(try crashing(mounts: two, log: log).rootCause?.causeClass == .applicationCrash)
    }

    @Test("given a port that is taken, then another container has it; alone in a pod it is a crash")
    func portConflict() throws {
        let log = "listen tcp :8080: bind: address already in use"
        let two = try crashing(mounts: "[]", containers: #", {"name": "proxy"}"#, log: log)
        #expect(two.candidates.map(\.causeClass) == [.containerPortConflict])
        #expect(try crashing(mounts: "[]", log: log).rootCause?.causeClass == .applicationCrash)
    }

    @Test("given a pull Secret that is missing, then it is the cause of the refused pull")
    func pullSecret() throws {
        var cluster = Fixture()
        try cluster.pod(
            "web-1",
            phase: "Pending",
            status: Fixture.waiting("ErrImagePull", "failed to authorize: 401 Unauthorized")
        )
        try cluster.event(
            kind: "Pod",
            "web-1",
            reason: "FailedToRetrieveImagePullSecret",
            "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed."
        )
        #expect(cluster.conclusion.rootCause?.causeClass == .imagePullSecretMissing)
        #expect(cluster.conclusion.rootCause?.message.contains("Secret regcred that") == true)
    }
}
