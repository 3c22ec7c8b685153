// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension KubernetesClient {
    /// Asks the server for everything that it serves.
    ///
    /// Costs two requests on servers with aggregated discovery (1.26 and later), else one for each group version, at
    /// most eight at a time. A group version that cannot be read is among the snapshot's failures and does not fail
    /// the rest. ``Discovery`` keeps the answer.
    public func discover() async throws(KubeError) -> DiscoverySnapshot {
        let core = try await root("/api")
        let others = try await root("/apis")
        var snapshot = DiscoverySnapshot()
        var missing: [GroupVersion] = []
        if core.isAggregated {
            for group in core.items { group.add(to: &snapshot) }
        } else {
            missing += core.versions.enumerated().map { .init(group: "", version: $1, isPreferred: $0 == 0) }
        }
        if others.isAggregated {
            for group in others.items { group.add(to: &snapshot) }
        } else {
            for group in others.groups {
                missing += group.orderedVersions.enumerated().map {
                    .init(group: group.name, version: $1, isPreferred: $0 == 0)
                }
            }
        }
        for (groupVersion, answer) in await read(missing) {
            switch answer {
            case .success(let list):
                snapshot.resources += list.resources(
                    group: groupVersion.group,
                    version: groupVersion.version,
                    isPreferred: groupVersion.isPreferred
                )
            case .failure(let error):
                guard error.code != .cancelled else { throw error }
                snapshot.failures.append(.init(apiVersion: groupVersion.apiVersion, error: error))
            }
        }
        return snapshot
    }

    private struct GroupVersion: Sendable {
        var group: String
        var version: String
        var isPreferred: Bool

        var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
        var path: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }
    }

    private func root(_ path: String) async throws(KubeError) -> DiscoveryRoot {
        var request = Request(method: .get, path: path)
        request.accept =
            ["v2", "v2beta1"].map {
                "application/json;g=apidiscovery.k8s.io;v=\($0);as=APIGroupDiscoveryList"
            }
            .joined(separator: ",") + ",application/json"
        return try await send(request)
    }

    /// Reads group versions, and returns the answers in their order.
    private func read(_ groupVersions: [GroupVersion]) async -> [(GroupVersion, Result<APIResourceList, KubeError>)] {
        await withTaskGroup(of: (Int, Result<APIResourceList, KubeError>).self) { group in
            var answers: [(Int, Result<APIResourceList, KubeError>)] = []
            for (index, groupVersion) in groupVersions.enumerated() {
                if index >= 8, let answer = await group.next() { answers.append(answer) }
                group.addTask {
                    do throws(KubeError) {
                        return (index, .success(try await self.send(Request(method: .get, path: groupVersion.path))))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map { (groupVersions[$0.0], $0.1) }
        }
    }
}
