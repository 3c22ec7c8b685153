// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeRuntime
import Testing

@testable import AetheriusOperator

@Suite("What silence about an incident means")
struct IncidentSilenceTests {
    private let task = IncidentTask.make(for: Samples.incident(), severity: .high, in: "aetherius-system")

    /// An agent that is there, has read everything, and names this many other incidents.
    private func cluster(
        naming count: Int = 0,
        _ change: (inout ClusterAgent) -> Void = { _ in }
    ) -> ClusterAgent {
        let events = (0..<count).map { Samples.event("\($0)", "BackOff", "", of: "other-\($0)") }
        var cluster = Samples.registered(Samples.cluster(events: events))
        cluster.status.phase = .online
        for type in [ConditionType.targetReachable, ConditionType.collectionHealthy] {
            cluster.status.conditions.append(Condition(type: type, status: .true, reason: "Fine", message: ""))
        }
        change(&cluster)
        return cluster
    }

    private func silence(_ cluster: ClusterAgent?) -> IncidentSilence {
        IncidentSilence(about: task, of: "edge", cluster)
    }

    /// For how long it has to stay so; nil if nothing follows from it.
    private func omission(_ cluster: ClusterAgent) -> Duration? {
        guard case .omitted(let patience, let message) = silence(cluster) else { return nil }
        #expect(message.hasSuffix("the agent of cluster edge has not named it for \(patience.components.seconds) s"))
        return patience
    }

    private func reason(_ cluster: ClusterAgent?) -> String? {
        guard case .over(let message) = silence(cluster) else { return nil }
        #expect(message.hasPrefix("no longer reported: "))
        return message
    }

    @Test("given a report with room left of an agent that looks, then what it leaves out may be over")
    func omitted() {
        #expect(omission(cluster()) == .seconds(300))
        #expect(omission(cluster(naming: 19)) == .seconds(300))
        #expect(omission(cluster { $0.spec.report.metricsIntervalSeconds = 3600 }) == .seconds(7200))
    }

    @Test("given a full report that names what has long been over, then there is no more that lasts")
    func fullOfThePast() {
        func full(_ seconds: Int) -> ClusterAgent {
            cluster(naming: 20) {
                $0.status.agent?.truncated = true
                $0.status.agent?.events?.items[19].resolvedAt = Samples.at(1000)
                $0.status.agent?.metrics = ClusterAgent.Metrics(observedAt: Samples.at(1000 + seconds), values: [:])
            }
        }
        #expect(silence(full(119)) == .unclear)
        #expect(omission(full(120)) == .seconds(300))
    }

    @Test("given a report that may have left it out for others, then nothing follows")
    func full() {
        #expect(silence(cluster(naming: 20)) == .unclear)
        #expect(silence(cluster { $0.status.agent?.truncated = true }) == .unclear)
        let queued = cluster {
            $0.status.agent?.queues = ClusterAgent.Queues()
            $0.status.agent?.queues?.events = 1
        }
        #expect(silence(queued) == .unclear)
    }

    @Test("given an agent that is away, cannot see its cluster or is not the right one, then nothing follows")
    func blind() {
        func fails(_ type: String) -> ClusterAgent {
            cluster {
                $0.status.conditions.set(Condition(type: type, status: .false, reason: "Not", message: ""), at: .now)
            }
        }
        #expect(silence(cluster { $0.status.phase = .offline }) == .unclear)
        #expect(silence(fails(ConditionType.targetReachable)) == .unclear)
        #expect(silence(fails(ConditionType.registered)) == .unclear)
        // It may be the events that cannot be read.
        var partial = fails(ConditionType.collectionHealthy)
        #expect(silence(partial) == .unclear)
        partial.status.agent?.summary = ClusterAgent.Summary()
        partial.status.agent?.summary?.events = 7
        #expect(omission(partial) != nil)
        #expect(silence(cluster { $0.status.agent = nil }) == .unclear)
    }

    @Test("given an operator that does not watch its own cluster any more, then what it had reported may be over")
    func unwatched() {
        var local = ClusterAgent(metadata: ObjectMeta(name: "edge"), spec: .init(mode: .local))
        local.status.phase = .online
        #expect(omission(local) != nil)
    }

    @Test("given a ClusterAgent that is gone, or is to say nothing of it any more, then it is over, and it is said why")
    func over() {
        #expect(reason(nil)?.contains("ClusterAgent edge is gone") == true)
        #expect(reason(cluster { $0.spec.accepted = false })?.contains("not accepted") == true)
        #expect(reason(cluster { $0.spec.access.namespaces.exclude = ["sh*"] })?.contains("namespace shop") == true)
        #expect(reason(cluster { $0.spec.report.events.namespaces = ["b*"] })?.contains("namespace shop") == true)
        #expect(reason(cluster { $0.spec.report.events.namespaces = ["s*"] }) == nil)
        #expect(reason(cluster { $0.spec.report.events.minSeverity = .critical })?.contains("minSeverity") == true)
        #expect(reason(cluster { $0.spec.report.events.minSeverity = .high }) == nil)
        // Also with a full report, and while the agent is away.
        let full = cluster(naming: 20) {
            $0.spec.access.namespaces.include = ["billing"]
            $0.status.phase = .offline
        }
        #expect(reason(full) != nil)
        let rerated = cluster {
            $0.spec.report.events.minSeverity = .critical
            $0.spec.report.events.severities = ["BackOff": .critical]
        }
        #expect(reason(rerated) == nil)
    }

    @Test("given a silence, then it is measured from the first look on, and begins anew after a word")
    func measured() {
        let book = IncidentBook()
        func silence(at seconds: Int) -> Duration {
            book.silence(of: task.metadata.name, in: "edge", at: .init(offset: .seconds(seconds)))
        }
        #expect(silence(at: 10) == .zero)
        #expect(silence(at: 110) == .seconds(100))
        book.keep([], silent: [task], of: "edge")
        #expect(silence(at: 120) == .seconds(110))
        book.endSilence(of: task.metadata.name, in: "edge")
        #expect(silence(at: 200) == .zero)
        // It is in the report again.
        book.keep([Samples.incident()], silent: [], of: "edge")
        #expect(silence(at: 300) == .zero)
    }

    @Test("given tasks, then only those of incidents that are not over are found by their cluster")
    func index() {
        let find = IncidentTask.openByCluster.values
        #expect(find(task) == [])
        var open = task
        open.status.incident = DiagnosticTask.Incident()
        #expect(find(open) == ["edge"])
        open.status.incident?.resolvedAt = .now
        #expect(find(open) == [])
    }
}
