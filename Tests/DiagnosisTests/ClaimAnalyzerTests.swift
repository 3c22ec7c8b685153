// SPDX-License-Identifier: Apache-2.0
import Diagnosis
import KubeAPI
import Testing

@Suite("ClaimAnalyzer")
struct ClaimAnalyzerTests {
    /// A Deployment whose pod waits for claim `data`, with what the claim asks for and the volumes that there are.
    private func cluster(
        _ claim: String = #""storageClassName": """#,
        modes: String = #"["ReadWriteOnce"]"#,
        size: String = "1Gi",
        volumes: [(name: String, labels: [String: String], spec: String, phase: String)] = [],
        isWaiting: Bool = true
    ) throws -> Fixture {
        var cluster = Fixture()
        if isWaiting {
            try cluster.deployment("web")
            try cluster.rawPod(
                "web-1",
                owner: "ReplicaSet/web",
                spec: """
                    {"containers": [{"name": "app"}],
                     "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}
                    """,
                status: """
                    {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False",
                      "reason": "Unschedulable", "message":
                      "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims."}]}
                    """
            )
        }
        try cluster.add(
            \.persistentVolumeClaims,
            "data",
            """
            "spec": {"accessModes": \(modes), "resources": {"requests": {"storage": "\(size)"}}, \(claim)},
            "status": {"phase": "Pending"}
            """
        )
        for volume in volumes {
            try cluster.add(
                \.persistentVolumes,
                volume.name,
                labels: volume.labels,
                #""spec": {\#(volume.spec)}, "status": {"phase": "\#(volume.phase)"}"#
            )
        }
        cluster.complete(\.persistentVolumes)
        cluster.complete(\.storageClasses)
        return cluster
    }

    private static func volume(
        _ name: String = "disk",
        labels: [String: String] = [:],
        modes: String = #"["ReadWriteOnce"]"#,
        size: String = "1Gi",
        spec more: String = "",
        phase: String = "Available"
    ) -> (name: String, labels: [String: String], spec: String, phase: String) {
        (name, labels, #""accessModes": \#(modes), "capacity": {"storage": "\#(size)"}\#(more)"#, phase)
    }

    private static let held = """
        , "claimRef": {"kind": "PersistentVolumeClaim", "namespace": "shop", "name": "other", "uid": "1"}
        """

    private func expect(_ cluster: Fixture, _ expected: CauseClass, related: String? = "PersistentVolume/disk") throws {
        let conclusion = cluster.conclusion
        let cause = try #require(conclusion.rootCause)
        #expect(cause.causeClass == expected)
        #expect(cause.object.description == "Deployment/shop/web")
        #expect(conclusion.candidates.count == 1)
        let finding = try #require(Analyzers.findings(in: cluster.snapshot).first { $0.causeClass == expected })
        let names = finding.related.map(\.description)
        #expect(names.contains("PersistentVolumeClaim/shop/data"))
        if let related { #expect(names.contains(related)) }
        #expect(!conclusion.recommendations.isEmpty)
    }

    @Test("given a class without an object and a volume made for it by hand, then that volume says what is wrong")
    func classWithoutObject() throws {
        let manual = Self.volume(spec: #", "storageClassName": "manual""#)
        var cluster = try cluster(#""storageClassName": "manual""#, size: "5Gi", volumes: [manual])
        try cluster.event(
            kind: "PersistentVolumeClaim",
            "data",
            reason: "ProvisioningFailed",
            #"storageclass.storage.k8s.io "manual" not found"#
        )
        try expect(cluster, .claimCapacityMismatch)
    }

    @Test("given a volume that would do but for one thing, then that is the cause")
    func oneMismatch() throws {
        try expect(cluster(size: "2Gi", volumes: [Self.volume()]), .claimCapacityMismatch)
        try expect(cluster(modes: #"["ReadWriteMany"]"#, volumes: [Self.volume()]), .claimAccessModeMismatch)
        try expect(
            cluster(
                #""storageClassName": "", "selector": {"matchLabels": {"tier": "fast"}}"#,
                volumes: [Self.volume(labels: ["tier": "slow"])]
            ),
            .claimSelectorMismatch
        )
        try expect(
            cluster(volumes: [Self.volume(spec: #", "storageClassName": "manual""#)]),
            .storageClassMismatch
        )
        try expect(cluster(volumes: [Self.volume(spec: #", "volumeMode": "Block""#)]), .claimVolumeModeMismatch)
        try expect(cluster(volumes: [Self.volume(spec: Self.held, phase: "Bound")]), .volumeAlreadyClaimed)
        try expect(cluster(volumes: [Self.volume(spec: Self.held, phase: "Released")]), .volumeReleased)
    }

    @Test("given a free volume that is too small and one of somebody else's, then the free one was meant")
    func nearest() throws {
        let volumes = [
            Self.volume("a", labels: [:], size: "5Gi", spec: Self.held + #", "storageClassName": "x""#, phase: "Bound"),
            Self.volume(size: "1Gi"),
        ]
        try expect(cluster(size: "2Gi", volumes: volumes), .claimCapacityMismatch)
    }

    @Test("given a class that does not exist, then it is missing, unless a volume has it or nobody could look")
    func missingClass() throws {
        let named = #""storageClassName": "fast""#
        try expect(cluster(named, volumes: [Self.volume()]), .storageClassNotFound, related: "StorageClass/fast")
        // A class without an object ties claims to volumes that were made by hand.
        let byHand = Self.volume(spec: #", "storageClassName": "fast""#)
        try expect(cluster(named, size: "2Gi", volumes: [byHand]), .claimCapacityMismatch)

        var unread = Fixture()
        unread.edit { $0 = Snapshot(takenAt: Fixture.now) }
        try unread.add(\.persistentVolumeClaims, "data", #""spec": {\#(named)}, "status": {"phase": "Pending"}"#)
        #expect(unread.conclusion.candidates.isEmpty)
    }

    @Test("given a volume that the claim names, then it has to be there and to fit")
    func namedVolume() throws {
        let named = #""storageClassName": "", "volumeName": "disk""#
        try expect(cluster(named), .volumeNotFound)
        try expect(cluster(named, volumes: [Self.volume(spec: Self.held, phase: "Bound")]), .volumeAlreadyClaimed)
    }

    @Test("given no volume and nobody who makes one, then that is said")
    func nothing() throws {
        try expect(cluster(), .claimUnbound, related: nil)
        try expect(cluster(#""volumeMode": "Filesystem""#), .defaultStorageClassMissing, related: nil)
    }

    private func provisioned(_ mode: String, events: [(reason: String, message: String)] = []) throws -> Fixture {
        var cluster = try cluster(#""storageClassName": "cloud""#)
        try cluster.add(
            \.storageClasses,
            "cloud",
            #""provisioner": "disk.example.invalid", "volumeBindingMode": "\#(mode)""#
        )
        for event in events {
            try cluster.event(
                kind: "PersistentVolumeClaim",
                "data",
                reason: event.reason,
                secondsAgo: 5,
                event.message
            )
            cluster.edit { $0.events[$0.events.count - 1].firstTimestamp = Fixture.now.advanced(by: .seconds(-300)) }
        }
        return cluster
    }

    private static let byHand = #""provisioner": "kubernetes.io/no-provisioner", "volumeBindingMode": "Immediate""#

    /// A claim of a class for which nobody makes volumes; the volume controller says that it cannot.
    private func madeByHand(
        _ volumes: [(name: String, labels: [String: String], spec: String, phase: String)]
    ) throws -> Fixture {
        var cluster = try cluster(#""storageClassName": "manual""#, volumes: volumes)
        try cluster.add(\.storageClasses, "manual", Self.byHand)
        try cluster.event(
            kind: "PersistentVolumeClaim",
            "data",
            reason: "ProvisioningFailed",
            "no volume plugin matched name: kubernetes.io/no-provisioner"
        )
        return cluster
    }

    @Test(
        "given a class for which nobody makes volumes, then the volumes say what is wrong, and not the failed attempt"
    )
    func noProvisioner() throws {
        let kept = Self.volume(spec: #", "storageClassName": "manual""# + Self.held, phase: "Released")
        try expect(madeByHand([kept]), .volumeReleased)
        try expect(madeByHand([Self.volume()]), .storageClassMismatch)
        try expect(madeByHand([]), .claimUnbound, related: nil)
    }

    @Test("given the word of the volume controller that no volume fits, then the volumes need not be read")
    func unreadVolumes() throws {
        var cluster = try cluster(#""volumeMode": "Filesystem""#)
        cluster.edit { $0.persistentVolumes = Inventory([], coverage: .nothing) }
        #expect(cluster.findings(.defaultStorageClassMissing).isEmpty)
        try cluster.event(
            kind: "PersistentVolumeClaim",
            "data",
            reason: "FailedBinding",
            "no persistent volumes available for this claim and no storage class is set"
        )
        #expect(cluster.findings(.defaultStorageClassMissing).count == 1)
    }

    @Test("given a provisioner that fails or is silent, then it is the cause")
    func provisioner() throws {
        try expect(
            provisioned("Immediate", events: [("ProvisioningFailed", "failed to provision: quota of the cloud")]),
            .provisioningFailed,
            related: "StorageClass/cloud"
        )
        let waiting =
            "Waiting for a volume to be created either by the external provisioner 'x' or manually by the admin"
        try expect(
            provisioned("Immediate", events: [("ExternalProvisioning", waiting)]),
            .provisionerUnavailable,
            related: "StorageClass/cloud"
        )
        // Without a word of trouble the claim is left to the scheduler's own message.
        #expect(try provisioned("WaitForFirstConsumer").conclusion.rootCause?.causeClass == .claimUnbound)
    }

    @Test("given a claim that no pod waits for, then it is told for itself, and only if it ought to be bound by now")
    func unused() throws {
        let cluster = try cluster(size: "2Gi", volumes: [Self.volume()], isWaiting: false)
        let cause = try #require(cluster.conclusion.rootCause)
        #expect(cause.object.description == "PersistentVolumeClaim/shop/data")
        #expect(cause.confidence <= 0.6)

        var waits = cluster
        waits.edit { snapshot in
            snapshot.persistentVolumeClaims.update { $0.spec.storageClassName = "late" }
            snapshot.persistentVolumes.update { $0.storageClassName = "late" }
        }
        try waits.add(
            \.storageClasses,
            "late",
            #""provisioner": "kubernetes.io/no-provisioner", "volumeBindingMode": "WaitForFirstConsumer""#
        )
        #expect(waits.conclusion.terminationReason == .healthy)
    }

    @Test("given a volume that fits, then nothing is wrong with the claim")
    func fits() throws {
        let cluster = try cluster(volumes: [Self.volume()], isWaiting: false)
        #expect(cluster.conclusion.terminationReason == .healthy)
    }

    @Test("given a claim that is lost or cannot grow, then that is told")
    func lostAndResize() throws {
        var cluster = try cluster(isWaiting: false)
        cluster.edit { $0.persistentVolumeClaims.update { $0.phase = "Lost" } }
        #expect(cluster.conclusion.rootCause?.causeClass == .claimLost)

        cluster.edit { snapshot in
            snapshot.persistentVolumeClaims.update {
                $0.phase = "Bound"
                $0.capacity = ["storage": Quantity(1)]
            }
        }
        #expect(cluster.conclusion.terminationReason == .healthy)
        cluster.edit { snapshot in
            snapshot.persistentVolumeClaims.update {
                $0.conditions = [
                    Condition(type: "ControllerResizeError", status: .true, reason: "", message: "no room")
                ]
            }
        }
        #expect(cluster.conclusion.rootCause?.causeClass == .volumeResizeFailed)
    }
}
