// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime
import Logging

/// A candidate that writes its name into a journal, again and again while it leads.
///
/// `LeaderElectionProbe KUBECONFIG NAMESPACE IDENTITY`
@main
enum LeaderElectionProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let (namespace, identity) = (arguments[2], arguments[3])
        let client = try KubernetesClient(configuration: try .load(kubeconfig: arguments[1]))
        let leases = client.resources(Lease.self, namespace: namespace)
        let elector = try LeaderElector(
            leases: leases,
            name: "leader",
            namespace: namespace,
            configuration: LeaderElectionConfiguration(
                identity: identity,
                leaseDuration: .seconds(10),
                renewDeadline: .seconds(8),
                retryPeriod: .seconds(1)
            ),
            logger: Logger(label: "probe")
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await elector.run() }
            group.addTask {
                try await elector.waitForLeadership()
                while true {
                    // A process can be frozen between the question and the write. What was read before the question
                    // makes sure that such a write is refused: somebody else has written since.
                    var journal = try await leases.get("journal")
                    journal.holderIdentity = identity
                    if elector.isLeader { try await update(journal, in: leases) }
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            // Whichever ends first ends the process: a lost lease is an error.
            try await group.next()
            group.cancelAll()
        }
    }

    private static func update(_ journal: Lease, in leases: ResourceClient<Lease>) async throws {
        do throws(KubeError) {
            _ = try await leases.update(journal)
        } catch {
            guard error.code == .conflict else { throw error }
        }
    }
}
