// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import KubeAPI
import KubeClient
import KubeRuntime

/// What a cluster has, what its pods ask for, and what they use where somebody measures it.
struct ClusterNumbers: Sendable {
    /// What the metrics server says of the nodes.
    enum Usage: Sendable {
        case measured(cpu: Quantity, memory: Quantity)
        /// Why there is none, in a word, such as `NotInstalled`, `AccessDenied` or `ServerUnavailable`, and a sentence.
        case unavailable(reason: String, message: String)
    }

    let observation: TargetObservation

    /// The numbers of this moment.
    ///
    /// `usageAvailable` is 1 if the cluster measures what is used, else 0 and the numbers of use are left out; why is
    /// said in the condition of the collection.
    func take(at now: Timestamp) async -> ClusterAgent.Metrics {
        var values: [String: Double] = [:]
        let nodes = observation.nodes.store.list()
        if observation.nodes.hasSynced {
            for (name, amounts) in [("Capacity", nodes.map(\.capacity)), ("Allocatable", nodes.map(\.allocatable))] {
                values["cpu\(name)Millicores"] = Self.sum(amounts, "cpu") { Double($0.milliValue) }
                values["memory\(name)Bytes"] = Self.sum(amounts, "memory") { Double($0.value) }
                values["pods\(name)"] = Self.sum(amounts, "pods") { Double($0.value) }
            }
        }
        if observation.pods.hasSynced {
            let pods = observation.pods.store.list().filter(\.usesNode)
            values["podsOnNodes"] = Double(pods.count)
            values["cpuRequestedMillicores"] = Double(pods.reduce(0) { $0 + $1.cpuMillicores })
            values["memoryRequestedBytes"] = Double(pods.reduce(0) { $0 + $1.memoryBytes })
        }
        switch await usage() {
        case .measured(let cpu, let memory):
            observation.health.usageProblem = nil
            values["usageAvailable"] = 1
            values["cpuUsedMillicores"] = Double(cpu.milliValue)
            values["memoryUsedBytes"] = Double(memory.value)
        case .unavailable(let reason, let message):
            observation.health.usageProblem = "\(reason) (\(message))"
            values["usageAvailable"] = 0
        }
        return ClusterAgent.Metrics(observedAt: now.wholeSeconds, values: values)
    }

    private static func sum(
        _ amounts: [[String: Quantity]],
        _ resource: String,
        _ value: (Quantity) -> Double
    ) -> Double {
        value(amounts.reduce(.zero) { $0 + ($1[resource] ?? .zero) })
    }

    /// What the nodes use.
    func usage() async -> Usage {
        let resource = ObservedNodeUsage.resource
        do throws(KubeError) {
            let nodes = try await observation.client.resources(ObservedNodeUsage.self, of: resource).listAll().items
            guard !nodes.isEmpty else {
                return .unavailable(reason: "NothingMeasured", message: "\(resource.group) names no node")
            }
            return .measured(
                cpu: nodes.reduce(.zero) { $0 + ($1.usage["cpu"] ?? .zero) },
                memory: nodes.reduce(.zero) { $0 + ($1.usage["memory"] ?? .zero) }
            )
        } catch {
            if error.code == .notFound {
                return .unavailable(
                    reason: "NotInstalled",
                    message: "the cluster does not serve \(resource.apiVersion)"
                )
            }
            return .unavailable(reason: FailureReason.word(for: error), message: error.message)
        }
    }
}
