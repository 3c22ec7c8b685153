// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeClient
import KubeRuntime

/// A collection of which it is noted whether it can be read.
struct MonitoredSource<Base: ListerWatcher>: ListerWatcher {
    typealias Object = Base.Object
    typealias Events = Base.Events

    let base: Base
    /// The kind, by its plural name.
    let plural: String
    let health: CollectionHealth

    func list(_ options: ListOptions) async throws(KubeError) -> ResourceList<Object> {
        try await noting { () throws(KubeError) in try await base.list(options) }
    }

    func list(_ options: ListOptions, each body: (Object) -> Void) async throws(KubeError) -> ListMeta {
        try await noting { () throws(KubeError) in try await base.list(options, each: body) }
    }

    func watch(_ options: WatchOptions) async throws(KubeError) -> Events {
        try await noting { () throws(KubeError) in try await base.watch(options) }
    }

    func accepts(_ object: Object) -> Bool { base.accepts(object) }

    private func noting<Answer>(_ read: () async throws(KubeError) -> Answer) async throws(KubeError) -> Answer {
        do throws(KubeError) {
            let answer = try await read()
            health.succeeded(plural)
            return answer
        } catch {
            health.failed(plural, error)
            throw error
        }
    }
}
