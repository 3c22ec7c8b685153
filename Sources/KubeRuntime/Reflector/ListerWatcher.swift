// SPDX-License-Identifier: Apache-2.0
public import KubeAPI
public import KubeClient

/// Where a ``Reflector`` gets a collection and its changes from: an API server, or a script in a test.
public protocol ListerWatcher<Object>: Sendable {
    /// The kind of object.
    associatedtype Object: KubernetesObject
    /// The stream of one watch. It ends when the server closes it, and throws when the connection breaks.
    associatedtype Events: AsyncSequence where Events.Element == WatchEvent<Object>, Events.Failure == KubeError

    /// Reads one page of the collection.
    func list(_ options: ListOptions) async throws(KubeError) -> ResourceList<Object>

    /// Opens a stream of changes; returns once the server has accepted it.
    func watch(_ options: WatchOptions) async throws(KubeError) -> Events
}

extension ResourceClient: ListerWatcher {
    /// The stream of one watch.
    public typealias Events = WatchStream<Object>
}
