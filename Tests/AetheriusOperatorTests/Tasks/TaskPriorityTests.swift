// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import Testing

@testable import AetheriusOperator

@Suite struct TaskPriorityTests {
    private func priority(_ severity: Severity? = nil, _ change: (inout DiagnosticTask) -> Void = { _ in }) -> Int {
        var task = DiagnosticTask(metadata: ObjectMeta(name: "a", namespace: "shop"), spec: .init(severity: severity))
        change(&task)
        return TaskPriority.priority(of: task, in: nil)
    }

    private func incident(_ count: Int, over seconds: Int) -> (inout DiagnosticTask) -> Void {
        { task in
            var incident = DiagnosticTask.Incident()
            incident.count = count
            incident.firstSeen = Samples.at(0)
            incident.lastSeen = Samples.at(seconds)
            task.status.incident = incident
        }
    }

    @Test(
        "given an incident that came more than five times in an hour, then twice that is added",
        arguments: [(5, 60, 0), (6, 60, 12), (12, 3600, 24), (12, 7200, 12), (10, 7200, 0), (1_000_000, 60, 40)]
    )
    func frequency(count: Int, seconds: Int, added: Int) {
        #expect(priority(.medium, incident(count, over: seconds)) == 10 + added)
    }

    @Test(
        "given the most frequent incident, then it is not as urgent as the next severity's but one, and nothing once over"
    )
    func bounds() {
        let often = incident(.max, over: 1)
        #expect(priority(.high, often) < priority(.critical))
        #expect(priority(.low, often) < priority(.high))
        #expect(
            priority(.medium) { task in
                often(&task)
                task.status.incident?.resolvedAt = Samples.at(9)
            } == 10
        )
    }
}
