// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime
import KubeTesting
import Testing

@Suite("Status by server-side apply on a real API server", .timeLimit(.minutes(5)))
struct StatusWriterTests {
    /// A Node, of whose status only the phase counts here.
    private struct NodePhase: Resource {
        static let apiResource = APIResource(
            group: "",
            version: "v1",
            kind: "Node",
            plural: "nodes",
            isNamespaced: false
        )

        var metadata = ObjectMeta()
        var phase: Phase?

        init(from reader: inout JSONReader) throws(JSONError) {
            let value = try JSONValue(from: &reader)
            metadata.name = value.value(at: "metadata", "name")?.stringValue ?? ""
            metadata.uid = value.value(at: "metadata", "uid")?.stringValue
            metadata.resourceVersion = value.value(at: "metadata", "resourceVersion")?.stringValue
            phase = value.value(at: "status", "phase")?.stringValue.map(Phase.init)
        }

        func encode(to writer: inout JSONWriter) { metadata.encode(to: &writer) }
    }

    private struct Phase: JSONEncodable, Equatable {
        var name: String

        func encode(to writer: inout JSONWriter) { writer.object { $0.field("phase", name) } }
    }

    private func makeNode() async throws -> (KubernetesClient, ResourceClient<NodePhase>, NodePhase) {
        let cluster = try await TestCluster.shared()
        let name = try await cluster.makeNamespace("node")
        let raw = cluster.client.resources(DynamicObject.self, of: NodePhase.apiResource)
        let node: JSONValue = ["apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)]]
        _ = try await raw.create(DynamicObject(node))
        let nodes = cluster.client.resources(NodePhase.self)
        return (cluster.client, nodes, try await nodes.get(name))
    }

    @Test("84: given a status as it should be, then nothing is sent; given an outdated copy, it is decided anew")
    func unchangedAndOutdated() async throws {
        let (client, nodes, node) = try await makeNode()
        let writer = StatusWriter<NodePhase>(client: client, fieldManager: "one")
        let first = try await writer.apply(to: node, current: \.phase) { _ in Phase(name: "Pending") }
        #expect(first.phase?.name == "Pending")
        let second = try await writer.apply(to: first, current: \.phase) { _ in Phase(name: "Pending") }
        #expect(second.metadata.resourceVersion == first.metadata.resourceVersion)

        var seen: [String?] = []
        let third = try await writer.apply(to: node, current: \.phase) { node in
            seen.append(node.phase?.name)
            return Phase(name: node.phase?.name == "Pending" ? "Running" : "Terminated")
        }
        // A controller may change the node too, and then it is decided once more.
        #expect(seen.first == .some(nil) && seen.count > 1 && seen.dropFirst().allSatisfy { $0 == "Pending" })
        #expect(third.phase?.name == "Running")
        try await nodes.delete(node.metadata.name)
    }

    @Test("84: given a field that another manages, then the conflict names field and manager, and force takes it over")
    func conflicts() async throws {
        let (client, nodes, node) = try await makeNode()
        let one = StatusWriter<NodePhase>(client: client, fieldManager: "one")
        let two = StatusWriter<NodePhase>(client: client, fieldManager: "two")
        let held = try await one.apply(to: node, current: \.phase) { _ in Phase(name: "Pending") }
        let error = await #expect(throws: KubeError.self) {
            try await two.apply(to: held, takesOver: false, current: \.phase) { _ in Phase(name: "Running") }
        }
        #expect(error?.code == .conflict)
        #expect(error?.fieldConflicts.map(\.field) == [".status.phase"])
        #expect(error?.fieldConflicts.map(\.manager) == ["one"])
        let taken = try await two.apply(to: held, current: \.phase) { _ in Phase(name: "Running") }
        #expect(taken.phase?.name == "Running")
        try await nodes.delete(node.metadata.name)
    }

    @Test(
        "84: given no field manager or one that the server would refuse, then nothing is sent",
        arguments: ["", String(repeating: "x", count: 129), "t\tab"]
    )
    func refusedManager(name: String) async throws {
        let (client, nodes, node) = try await makeNode()
        let writer = StatusWriter<NodePhase>(client: client, fieldManager: name)
        let error = await #expect(throws: KubeError.self) {
            try await writer.apply(to: node, current: \.phase) { _ in Phase(name: "Pending") }
        }
        // The server has not answered: it was not asked.
        #expect(error?.code == .badRequest && error?.status == nil)
        let unchanged = try await nodes.get(node.metadata.name)
        #expect(unchanged.phase == nil)
        try await nodes.delete(node.metadata.name)
    }
}
