// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import Testing

@Suite("Words that may grow")
struct VocabularyTests {
    @Test("given words nobody knows, when an object is read and written, then they are kept")
    func unknownWords() throws {
        let text = """
            {"metadata":{"name":"a"},"spec":{"severity":"Catastrophic","strategy":"Oracle","remediation":"Fix",\
            "feedback":{"rating":"Mixed"}},"status":{"phase":"Dreaming","agent":{"evidence":[{"id":"e1","kind":"Smell",\
            "text":"x"}]},"recommendations":[{"title":"t","risk":"Cosmic"}]}}
            """
        let task = try JSON.decode(DiagnosticTask.self, from: text)
        #expect(task.spec.severity?.rawValue == "Catastrophic")
        #expect(task.spec.severity?.isKnown == false)
        #expect(task.status.phase?.isTerminal == false)
        let again = try JSON.decode(DiagnosticTask.self, from: JSON.encode(task))
        #expect(again == task)
        #expect(again.spec.strategy.rawValue == "Oracle")
        #expect(again.spec.remediation.rawValue == "Fix")
        #expect(again.spec.feedback?.rating.rawValue == "Mixed")
        #expect(again.status.phase?.rawValue == "Dreaming")
        #expect(again.status.agent?.evidence.first?.kind.rawValue == "Smell")
        #expect(again.status.recommendations.first?.risk?.rawValue == "Cosmic")
    }

    @Test("given a list with an object of tomorrow, when it is read, then every object is there")
    func list() throws {
        let text = #"{"items":[{"spec":{"mode":"Orbital"},"status":{"phase":"Lost"}},{"spec":{"mode":"Local"}}]}"#
        let list = try JSON.decode(ResourceList<ClusterAgent>.self, from: text)
        #expect(list.items.map(\.spec.mode.rawValue) == ["Orbital", "Local"])
        #expect(list.items[0].status.phase?.isAlive == false)
    }

    @Test("given a word that is known, when it is asked, then it says so and reads as itself")
    func knownWords() {
        #expect(Severity.known.filter { !$0.isKnown } == [])
        #expect(Severity(rawValue: "Critical") == .critical)
        #expect("\(DiagnosticTask.Phase.timedOut)" == "TimedOut")
        #expect(!Severity(rawValue: "critical").isKnown)
    }

    @Test("given severities, when they are compared, then Critical is the highest and an unknown word the lowest")
    func severityOrder() {
        let unknown = Severity(rawValue: "Zzz")
        #expect(
            [Severity.medium, unknown, .critical, .low, .high].sorted() == [unknown, .low, .medium, .high, .critical]
        )
        #expect(Severity.critical >= .high)
    }

    @Test("given the phases, when they are asked, then exactly the last ones are terminal")
    func terminalPhases() {
        #expect(DiagnosticTask.Phase.known.filter(\.isTerminal) == [.completed, .failed, .timedOut, .cancelled])
        #expect(
            ExecutionPlan.Phase.known.filter(\.isTerminal)
                == [.succeeded, .failed, .expired, .cancelled, .rejected, .unknown]
        )
        #expect(ExecutionPlan.StepPhase.known.filter { !$0.isTerminal } == [.pending, .started])
        #expect(ClusterAgent.Phase.known.filter(\.isAlive) == [.online, .degraded])
    }
}
