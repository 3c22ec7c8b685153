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

    /// Reads one page of the collection, one object after the other.
    ///
    /// The default reads the page as a whole first.
    func list(_ options: ListOptions, each body: (Object) -> Void) async throws(KubeError) -> ListMeta

    /// Opens a stream of changes; returns once the server has accepted it.
    func watch(_ options: WatchOptions) async throws(KubeError) -> Events

    /// Whether the object is of the kind that was asked for; the default says yes.
    ///
    /// An event with another one is dropped.
    func accepts(_ object: Object) -> Bool
}

extension ListerWatcher {
    /// Reads one page of the collection as a whole, then passes on its objects.
    public func list(_ options: ListOptions, each body: (Object) -> Void) async throws(KubeError) -> ListMeta {
        let page = try await list(options)
        for object in page.items { body(object) }
        return page.metadata
    }

    /// Says yes.
    public func accepts(_ object: Object) -> Bool { true }
}

extension ResourceClient: ListerWatcher {
    /// The stream of one watch.
    public typealias Events = WatchStream<Object>

    /// Whether an object that says what it is is what this client asks for.
    ///
    /// Types other than `DynamicObject` do not keep their kind: what they cannot read fails to decode.
    public func accepts(_ object: Object) -> Bool {
        guard let object = object as? DynamicObject, !object.kind.isEmpty else { return true }
        return object.kind == resource.kind && object.apiVersion == resource.apiVersion
    }
}
