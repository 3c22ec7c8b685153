// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime

/// A real collection whose watch expires when it is told to, as after a long disruption: a list follows.
struct ExpiringSource<Object: KubernetesObject>: ListerWatcher {
    let client: ResourceClient<Object>
    /// Each makes the watch that is open expire.
    let expirations: AsyncStream<Void>

    func list(_ options: ListOptions) async throws(KubeError) -> ResourceList<Object> { try await client.list(options) }

    func list(_ options: ListOptions, each body: (Object) -> Void) async throws(KubeError) -> ListMeta {
        try await client.list(options, each: body)
    }

    func watch(_ options: WatchOptions) async throws(KubeError) -> WatchStream<Object> {
        // It stays open and costs what a watch costs; nothing happens in it.
        let open = try await client.watch(options)
        for await _ in expirations { break }
        return try withExtendedLifetime(open) { () throws(KubeError) in
            throw KubeError(code: .expired, message: "asked to list again")
        }
    }
}
