// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime
import Logging
import Synchronization
import Testing

@testable import AetheriusOperator

@Suite("Heartbeats as they come")
struct HeartbeatMonitorTests {
    private final class Noted: Sendable {
        let news = Mutex<[String]>([])
    }

    private let monitor: HeartbeatMonitor
    private let noted = Noted()

    init() throws {
        // Nothing runs it: the test says what it would.
        let client = try KubernetesClient(configuration: ClientConfiguration(server: "https://127.0.0.1:1"))
        monitor = HeartbeatMonitor(
            leases: Informer(client.resources(Lease.self), logger: Logger(label: "test"))
        )
        monitor.onNews { [noted] name, news in noted.news.withLock { $0.append("\(name) \(news)") } }
    }

    private func lease(_ name: String, in namespace: String, holder: String = "one") -> Lease {
        var lease = Lease(metadata: ObjectMeta(name: name, namespace: namespace))
        // An agent may write what it likes into the labels of its own Lease.
        lease.metadata.labels = [LabelKey.cluster: "victim"]
        lease.holderIdentity = holder
        lease.renewTime = .now
        return lease
    }

    private func state(_ cluster: String) -> HeartbeatObservation.State {
        monitor.observation(of: cluster, limit: .seconds(90)).state
    }

    @Test("given a beat in a mailbox, then it counts for the agent of that mailbox, whatever the labels say")
    func labels() {
        monitor.receive(.added(lease("edge", in: "aetherius-agent-edge"), isInInitialList: false))
        #expect(state("edge") == .beating)
        #expect(state("victim") == .awaited)
        #expect(noted.news.withLock { $0 } == ["edge heartbeat"])
    }

    @Test("given a Lease of another name, or outside of mailboxes, then it counts for nobody")
    func strangers() {
        monitor.receive(.added(lease("victim", in: "aetherius-agent-edge"), isInInitialList: false))
        monitor.receive(.added(lease("victim", in: "shop"), isInInitialList: false))
        #expect(state("victim") == .awaited)
        #expect(state("edge") == .awaited)
        #expect(noted.news.withLock { $0 } == [])
    }

    @Test("given the list with which a process begins, then nobody has been seen to beat yet")
    func initialList() {
        let first = lease("edge", in: "aetherius-agent-edge")
        monitor.receive(.added(first, isInInitialList: true))
        #expect(state("edge") == .assumed)
        var next = first
        next.renewTime = Timestamp.now.advanced(by: .seconds(30))
        monitor.receive(.updated(old: first, new: next))
        #expect(state("edge") == .beating)
    }

    @Test("given a Lease that is deleted, then somebody looks, and the beat that was seen stays seen")
    func deleted() {
        let lease = lease("edge", in: "aetherius-agent-edge")
        monitor.receive(.added(lease, isInInitialList: false))
        monitor.receive(.deleted(lease, isFinalStateUnknown: false))
        #expect(state("edge") == .beating)
        #expect(noted.news.withLock { $0 } == ["edge heartbeat", "edge leaseGone"])
        monitor.forget("edge")
        #expect(state("edge") == .awaited)
    }
}
