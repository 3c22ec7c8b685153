// SPDX-License-Identifier: Apache-2.0
import KubeAPI
import KubeRuntime
import Synchronization

/// Counts the events that the API server holds, without keeping them.
///
/// Of each event a number of eight bytes is kept. Beyond ``maximumEvents`` nobody counts any more.
final class EventCensus: Sendable {
    /// The most events that are counted.
    static let maximumEvents = 200_000

    private struct Count: Sendable {
        var all: Set<Int> = []
        var warnings: Set<Int> = []
        var hasOverflown = false

        mutating func insert(_ event: Event) {
            guard all.count < EventCensus.maximumEvents else {
                hasOverflown = true
                return
            }
            let id = Self.id(event)
            all.insert(id)
            if event.type == "Warning" { warnings.insert(id) }
        }

        mutating func remove(_ event: Event) {
            let id = Self.id(event)
            all.remove(id)
            warnings.remove(id)
        }

        private static func id(_ event: Event) -> Int { (event.metadata.uid ?? event.metadata.name).hashValue }
    }

    private struct State {
        var current: Count?
        var listed = Count()
    }

    private let state = Mutex(State())

    /// How many events there are; nil before the first list, and if there are too many to count.
    var count: Int? { state.withLock { $0.current.flatMap { $0.hasOverflown ? nil : $0.all.count } } }

    /// How many of them are of type Warning.
    var warningCount: Int? { state.withLock { $0.current.flatMap { $0.hasOverflown ? nil : $0.warnings.count } } }

    func receive(_ event: ReflectorEvent<Event>) {
        state.withLock { state in
            switch event {
            case .listing: state.listed = Count()
            case .listed(let event): state.listed.insert(event)
            case .unlisted(let event): state.listed.remove(event)
            case .replaced:
                state.current = state.listed
                state.listed = Count()
            case .applied(let event): state.current?.insert(event)
            case .deleted(let event): state.current?.remove(event)
            case .bookmark: break
            }
        }
    }
}
