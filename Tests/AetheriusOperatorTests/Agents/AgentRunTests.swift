// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import AetheriusOperator

@Suite("With which settings a Remote agent runs")
struct AgentRunTests {
    @Test("given settings that change under an agent that runs, then it is outdated until it has started anew")
    func change() throws {
        #expect(AgentRun(instance: nil, settings: "a", before: nil, settingsBefore: nil) == nil)
        #expect(AgentRun(instance: "", settings: "a", before: nil, settingsBefore: "a") == nil)
        let first = try #require(AgentRun(instance: "one", settings: "a", before: nil, settingsBefore: "a"))
        #expect(!first.isOutdated(by: "a"))
        let changed = try #require(AgentRun(instance: "one", settings: "b", before: first, settingsBefore: "a"))
        #expect(changed.isOutdated(by: "b"))
        // A second change before the first was applied, and one back to where it began.
        let again = try #require(AgentRun(instance: "one", settings: "c", before: changed, settingsBefore: "b"))
        #expect(again.isOutdated(by: "c"))
        #expect(!again.isOutdated(by: "a"))
        let restarted = try #require(AgentRun(instance: "two", settings: "c", before: again, settingsBefore: "c"))
        #expect(!restarted.isOutdated(by: "c"))
    }

    @Test(
        "given a change that comes together with the first look at a run, then it began with the settings from before"
    )
    func unseen() throws {
        let run = try #require(AgentRun(instance: "one", settings: "b", before: nil, settingsBefore: "a"))
        #expect(run.isOutdated(by: "b"))
        #expect(
            AgentRun(instance: "one", settings: "b", before: nil, settingsBefore: nil)?.isOutdated(by: "b") == false
        )
    }

    @Test("given a run, then the text of the annotation holds it, whatever the agent calls itself")
    func text() throws {
        let run = try #require(AgentRun(instance: "pod/x_1", settings: "a", before: nil, settingsBefore: nil))
        #expect(AgentRun(path: run.path) == run)
        #expect(AgentRun(path: "a") == nil)
        #expect(AgentRun(path: "") == nil)
    }
}
