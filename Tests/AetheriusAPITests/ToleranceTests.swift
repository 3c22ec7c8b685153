// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import Testing

@Suite("Objects that were stored before their schema was strict")
struct ToleranceTests {
    @Test("given a list with one object whose spec has a wrong type, then the others are read and the field is named")
    func oneBadObject() throws {
        let list = try JSON.decode(
            ResourceList<DiagnosticTask>.self,
            from: """
                {"items": [
                  {"metadata": {"name": "good"}, "spec": {"question": "why?"}},
                  {"metadata": {"name": "bad"}, "spec": {"limits": {"timeoutSeconds": "soon"}}, "status": {"attempts": []}},
                  {"metadata": {"name": "late"}, "spec": null}
                ]}
                """
        )
        #expect(list.items.map(\.metadata.name) == ["good", "bad", "late"])
        #expect(list.items[0].unreadableSpec == nil)
        #expect(list.items[0].spec.question == "why?")
        let errors = list.items[1].validate()
        #expect(errors.map(\.field) == ["spec.limits.timeoutSeconds"])
        #expect(errors.first?.message.hasPrefix("cannot be read: expected a whole number") == true)
        #expect(list.items[1].status == .init())
    }

    @Test("given a spec that is not even an object, then each kind says so")
    func everyKind() throws {
        let text = #"{"metadata": {"name": "x"}, "spec": "none"}"#
        #expect(try JSON.decode(DiagnosticTask.self, from: text).validate().map(\.field) == ["spec"])
        #expect(try JSON.decode(ClusterAgent.self, from: text).validate().map(\.field) == ["spec"])
        #expect(try JSON.decode(KnowledgeEntry.self, from: text).validate().map(\.field) == ["spec"])
        #expect(try JSON.decode(ExecutionPlan.self, from: text).validate().map(\.field) == ["spec"])
    }
}
