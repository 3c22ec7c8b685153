// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeTesting
import Testing

@Suite("Leader election between processes, on a real API server", .timeLimit(.minutes(5)))
struct LeaderElectionProcessTests {
    @Test(
        "71: given a leader that freezes and one that is killed, then another takes over in time and none writes twice"
    )
    func takeover() async throws {
        let cluster = try await TestCluster.shared()
        let namespace = try await cluster.makeNamespace()
        let leases = cluster.client.resources(Lease.self, namespace: namespace)
        let journal = try await leases.create(Lease(metadata: ObjectMeta(name: "journal")))
        func launch(_ identity: String) -> ProgramUnderTest {
            ProgramUnderTest("LeaderElectionProbe", [cluster.kubeconfig, namespace, identity])
        }

        let first = launch("first")
        _ = try await leases.wait(for: "journal") { $0.holderIdentity == "first" }
        let second = launch("second")
        #expect(await second.errorLine(containing: "another process holds the lease", "first") != nil)
        await first.suspend()
        let beforeFreeze = try await leases.get("leader")
        let afterFreeze = try await leases.wait(for: "journal") { $0.holderIdentity == "second" }
        // Not before the frozen one has stopped believing in its lease. How soon after is a figure of the benchmark.
        let taken = try #require(try await leases.get("leader").acquireTime)
        #expect(taken.since(try #require(beforeFreeze.renewTime)) >= .seconds(10))

        // It goes on where it was, in the belief that it leads; the lease is another one's by now.
        first.resume()
        let ending = try await first.ending()
        #expect(ending.exitCode != 0)
        #expect(ending.errors.contains("the lease leader is lost") || ending.errors.contains("LeadershipLost"))

        let third = launch("third")
        #expect(await third.errorLine(containing: "another process holds the lease", "second") != nil)
        second.kill()
        #expect(try await second.ending().exitCode == 137)
        _ = try await leases.wait(for: "journal") { $0.holderIdentity == "third" }

        // Merge patches that change nothing leave no version behind, so each version is a change of the writer. There
        // are three: nobody who had been replaced has written again.
        let writers = try await writers(of: journal, in: leases)
        #expect(writers == ["first", "second", "third"])
        #expect(afterFreeze.metadata.uid == journal.metadata.uid)
        #expect(try await leases.get("leader").leaseTransitions == 2)
        third.terminate()
        _ = try await third.ending()
    }

    /// Who has written the journal, in order.
    private func writers(of journal: Lease, in leases: ResourceClient<Lease>) async throws -> [String] {
        let last = try await leases.get(journal.metadata.name).metadata.resourceVersion
        let options = WatchOptions(
            fieldSelector: "metadata.name=\(journal.metadata.name)",
            resourceVersion: journal.metadata.resourceVersion
        )
        var writers: [String] = []
        for try await event in try await leases.watch(options) {
            guard case .modified(let lease) = event else { continue }
            writers.append(lease.holderIdentity ?? "")
            if lease.metadata.resourceVersion == last { break }
        }
        return writers
    }
}
