// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("The example operator, run as a program on a real API server", .timeLimit(.minutes(5)))
struct ConfigMapOperatorTests {
    @Test("given a new object, then its ConfigMap holds the data and belongs to it, and status and event say so")
    func creation() async throws {
        let namespace = try await ExampleNamespace()
        let program = namespace.launch()
        let settings = try await namespace.create("shop", data: ["color": "blue", "size": "7"])

        let configMap = try await namespace.waitForConfigMap("shop", data: ["color": "blue", "size": "7"])
        let owner = try #require(configMap.metadata.controllerReference)
        #expect(owner.apiVersion == "example.com/v1" && owner.kind == "Settings" && owner.name == "shop")
        #expect(owner.uid == settings.metadata.uid && owner.blocksOwnerDeletion)
        let ready = try await namespace.waitForReady("shop", "True")
        #expect(ready.reason == "Applied")
        #expect(Timestamp(ready.lastTransitionTime) != nil)

        // The recorder writes in the background; a stop waits for it.
        program.terminate()
        #expect(try await program.ending().exitCode == 0)
        let events = try await namespace.events.list().items.filter { $0.involvedObject.uid == settings.metadata.uid }
        #expect(events.map(\.reason) == ["Applied"] && events.map(\.type) == ["Normal"] && events.map(\.count) == [1])
    }

    @Test("given somebody changes or deletes the ConfigMap, then it is repaired, and what others have added stays")
    func drift() async throws {
        let namespace = try await ExampleNamespace()
        let program = namespace.launch()
        try await namespace.create("shop", data: ["color": "blue"])
        let first = try await namespace.waitForConfigMap("shop", data: ["color": "blue"])

        let change: JSONValue = ["data": ["color": "red", "note": "mine"]]
        let changed = try await namespace.configMaps.patch("shop", .merge(change))
        #expect(changed.data["color"] == "red")
        try await namespace.waitForConfigMap("shop", data: ["color": "blue", "note": "mine"])

        try await namespace.configMaps.delete("shop")
        let stream = try await namespace.configMaps.watch(
            WatchOptions(fieldSelector: "metadata.name=shop", resourceVersion: changed.metadata.resourceVersion)
        )
        for try await event in stream {
            guard case .added(let second) = event else { continue }
            #expect(second.metadata.uid != first.metadata.uid && second.data == ["color": "blue"])
            break
        }
        program.terminate()
        #expect(try await program.ending().exitCode == 0)
    }

    @Test("given a change of the spec, then the ConfigMap follows, and the status is about the new generation")
    func change() async throws {
        let namespace = try await ExampleNamespace()
        let program = namespace.launch()
        try await namespace.create("shop", data: ["color": "blue", "size": "7"])
        let before = try await namespace.waitForReady("shop", "True")

        let change: JSONValue = ["spec": ["data": ["size": .null, "shape": "round"]]]
        let changed = try await namespace.settings.patch("shop", .merge(change))
        #expect(changed.metadata.generation == 2)
        try await namespace.waitForConfigMap("shop", data: ["color": "blue", "shape": "round"])
        let after = try await namespace.waitForReady("shop", "True")
        #expect(after.lastTransitionTime == before.lastTransitionTime)
        program.terminate()
        #expect(try await program.ending().exitCode == 0)
    }

    @Test("given data that the server refuses, then the status has its words, nothing is repeated, and others go on")
    func refused() async throws {
        let namespace = try await ExampleNamespace()
        let program = namespace.launch()
        let bad = try await namespace.create("bad", data: ["no such key": "1"])
        let refusal = try await namespace.waitForReady("bad", "False")
        #expect(refusal.reason == "Refused" && refusal.message.contains("no such key"))
        try await namespace.create("good", data: ["color": "blue"])
        try await namespace.waitForReady("good", "True")

        _ = try await namespace.settings.patch(
            "bad",
            .merge(["spec": ["data": ["no such key": .null, "key": "1"]]] as JSONValue)
        )
        try await namespace.waitForConfigMap("bad", data: ["key": "1"])
        #expect(try await namespace.waitForReady("bad", "True").reason == "Applied")
        program.terminate()
        #expect(try await program.ending().exitCode == 0)
        let events = try await namespace.events.list().items.filter { $0.involvedObject.uid == bad.metadata.uid }
        #expect(events.first { $0.reason == "Refused" }?.count == 1)
        #expect(events.first { $0.reason == "Refused" }?.type == "Warning")
    }

    @Test("given somebody else's ConfigMap of that name, then it is left alone, and its place taken once it is gone")
    func foreign() async throws {
        let namespace = try await ExampleNamespace()
        let theirs = ConfigMap(metadata: ObjectMeta(name: "shop"), data: ["theirs": "1"])
        let foreign = try await namespace.configMaps.create(theirs)
        let program = namespace.launch()
        try await namespace.create("shop", data: ["color": "blue"])
        #expect(try await namespace.waitForReady("shop", "False").message.contains("somebody else"))
        let version = try await namespace.configMaps.get("shop").metadata.resourceVersion
        #expect(version == foreign.metadata.resourceVersion)

        try await namespace.configMaps.delete("shop")
        try await namespace.waitForReady("shop", "True")
        #expect(try await namespace.configMaps.get("shop").data == ["color": "blue"])
        program.terminate()
        #expect(try await program.ending().exitCode == 0)
    }

    @Test("given the object is deleted, then Kubernetes deletes the ConfigMap, and the operator does not bring it back")
    func deletion() async throws {
        let namespace = try await ExampleNamespace()
        let program = namespace.launch()
        try await namespace.create("shop", data: ["color": "blue"])
        try await namespace.waitForReady("shop", "True")
        try await namespace.settings.delete("shop")
        try await namespace.configMaps.waitForDeletion(of: "shop")

        // One object after the other: whatever was to be done for the first is done when the second is.
        try await namespace.create("next", data: ["color": "red"])
        try await namespace.waitForReady("next", "True")
        let names = try await namespace.configMaps.list().items.map(\.metadata.name)
        #expect(names.contains("next") && !names.contains("shop"))
        program.terminate()
        #expect(try await program.ending().exitCode == 0)
    }

    @Test("given changes while it is down, then after a restart it leads at once and makes up for them")
    func restart() async throws {
        let namespace = try await ExampleNamespace()
        let first = namespace.launch()
        try await namespace.create("changed", data: ["color": "blue"])
        try await namespace.create("kept", data: ["color": "green"])
        try await namespace.waitForReady("changed", "True")
        try await namespace.waitForReady("kept", "True")
        first.terminate()
        #expect(try await first.ending().exitCode == 0)
        #expect((try await namespace.leases.get("settings-operator").holderIdentity ?? "").isEmpty)

        let kept = try await namespace.configMaps.get("kept")
        try await namespace.configMaps.delete("changed")
        _ = try await namespace.settings.patch("changed", .merge(["spec": ["data": ["color": "red"]]] as JSONValue))
        let second = namespace.launch()
        try await namespace.waitForConfigMap("changed", data: ["color": "red"])
        try await namespace.waitForReady("changed", "True")
        second.terminate()
        #expect(try await second.ending().exitCode == 0)
        let version = try await namespace.configMaps.get("kept").metadata.resourceVersion
        #expect(version == kept.metadata.resourceVersion)
    }

    @Test("given two instances, then the second only acts once the lease of the first, which is frozen, has run out")
    func leadership() async throws {
        let namespace = try await ExampleNamespace()
        let first = namespace.launch()
        let lease = try await namespace.leases.wait(for: "settings-operator") { !($0.holderIdentity ?? "").isEmpty }
        let second = namespace.launch()
        try await namespace.create("early", data: ["color": "blue"])
        try await namespace.waitForReady("early", "True")
        #expect(try await namespace.leases.get("settings-operator").holderIdentity == lease.holderIdentity)

        await first.suspend()
        try await namespace.create("late", data: ["color": "red"])
        try await namespace.waitForConfigMap("late", data: ["color": "red"])
        // Had the second not waited, the ConfigMap would be there while the lease is still the first's.
        let taken = try await namespace.leases.get("settings-operator")
        #expect(taken.holderIdentity != lease.holderIdentity && taken.leaseTransitions == 1)

        first.resume()
        let ending = try await first.ending()
        #expect(ending.exitCode != 0 && ending.errors.contains("the lease settings-operator is lost"))
        second.terminate()
        #expect(try await second.ending().exitCode == 0)
    }
}
