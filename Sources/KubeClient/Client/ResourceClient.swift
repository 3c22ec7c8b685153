// SPDX-License-Identifier: Apache-2.0
import JSON
public import KubeAPI

/// Reads and writes objects of one kind, in one namespace or in all.
///
/// It is a light value: make one where it is needed.
///
/// ```swift
/// let pods = client.resources(Pod.self, namespace: "shop")
/// let web = try await pods.get("web-0")
/// ```
public struct ResourceClient<Object: KubernetesObject>: Sendable {
    /// The connection to the API server.
    public let client: KubernetesClient
    /// The kind of object.
    public let resource: APIResource
    /// The namespace; nil for all of them, or for a kind without namespaces.
    public let namespace: String?

    init(client: KubernetesClient, resource: APIResource, namespace: String?) {
        self.client = client
        self.resource = resource
        self.namespace = namespace
    }

    /// Reads one object, as fresh as the server's store.
    /// - Throws: ``KubeError`` with ``KubeError/Code/notFound`` if there is none.
    public func get(_ name: String) async throws(KubeError) -> Object {
        try await client.send(try request(.get, name: name))
    }

    /// Reads one page of the collection.
    public func list(_ options: ListOptions = ListOptions()) async throws(KubeError) -> ResourceList<Object> {
        try await client.send(try listRequest(options))
    }

    func listRequest(_ options: ListOptions) throws(KubeError) -> Request {
        var request = try request(.get)
        request.add(options)
        if Object.self == PartialObjectMetadata.self { request.accept = Self.accepting("PartialObjectMetadataList") }
        return request
    }

    /// Reads the whole collection, page by page.
    /// - Parameters:
    ///   - options: what is listed.
    ///   - pageSize: how many objects a page holds; bounds the size of a single answer.
    public func listAll(
        _ options: ListOptions = ListOptions(),
        pageSize: Int = 500
    ) async throws(KubeError) -> ResourceList<Object> {
        var options = options
        options.limit = pageSize
        var whole = try await list(options)
        while let token = whole.metadata.continueToken, !token.isEmpty {
            options.continueToken = token
            options.resourceVersion = nil
            options.resourceVersionMatch = nil
            let page = try await list(options)
            whole.items.append(contentsOf: page.items)
            whole.metadata = page.metadata
        }
        return whole
    }

    /// Opens a stream of changes.
    ///
    /// Returns once the server has accepted the watch. The stream ends normally when the server closes it, and with
    /// an error when the connection breaks, or when more than ``TransportConfiguration/maximumBufferedBytes`` wait for
    /// the reader. Nothing is tried again here: whoever follows a collection has to decide whether to list again.
    public func watch(_ options: WatchOptions = WatchOptions()) async throws(KubeError) -> WatchStream<Object> {
        var request = try request(.get)
        request.add("watch", "true")
        request.add("labelSelector", options.labelSelector)
        request.add("fieldSelector", options.fieldSelector)
        request.add("resourceVersion", options.resourceVersion)
        request.add("allowWatchBookmarks", options.allowsBookmarks ? "true" : nil)
        request.add("timeoutSeconds", String(options.timeoutSeconds))
        if options.sendsInitialEvents {
            request.add("sendInitialEvents", "true")
            request.add("resourceVersionMatch", ListOptions.ResourceVersionMatch.notOlderThan.rawValue)
        }
        request.timeout = nil
        // A server that keeps to the limit it was given has ended the stream before this; one that does not is gone.
        request.idleTimeout = .seconds(options.timeoutSeconds + 5)
        request.responseTimeout = client.configuration.transport.watchOpeningTimeout
        return WatchStream(lines: try await client.stream(request, .watch), isSensitive: request.isSensitive)
    }

    /// Creates an object.
    /// - Parameters:
    ///   - object: the object, with everything that it is to have.
    ///   - fieldManager: the name under which the server records who set the fields.
    ///   - options: whether the server only tries it, and what it does with fields that it does not know.
    /// - Throws: ``KubeError`` with ``KubeError/Code/alreadyExists`` if there is one of that name.
    @discardableResult
    public func create(
        _ object: Object,
        fieldManager: String? = nil,
        _ options: WriteOptions = WriteOptions()
    ) async throws(KubeError) -> Object {
        var request = try request(.post)
        request.add("fieldManager", fieldManager)
        request.add(options)
        request.setBody(object)
        return try await client.send(request)
    }

    /// Replaces an object.
    ///
    /// If it carries a resourceVersion, only that version of it.
    /// - Parameters:
    ///   - object: the object, with everything that it is to keep.
    ///   - subresource: such as `status`; nil for the object itself.
    ///   - fieldManager: the name under which the server records who set the fields.
    ///   - options: whether the server only tries it, and what it does with fields that it does not know.
    /// - Throws: ``KubeError`` with ``KubeError/Code/conflict`` if it has changed since it was read; with
    ///   ``KubeError/Code/badRequest``, before anything is sent, for an `ObservedResource`.
    @discardableResult
    public func update(
        _ object: Object,
        subresource: String? = nil,
        fieldManager: String? = nil,
        _ options: WriteOptions = WriteOptions()
    ) async throws(KubeError) -> Object {
        try checkIsWritable()
        var request = try request(.put, name: object.metadata.name, subresource: subresource)
        request.add("fieldManager", fieldManager)
        request.add(options)
        request.setBody(object)
        return try await client.send(request)
    }

    /// Changes a part of an object.
    /// - Parameters:
    ///   - name: the object's name.
    ///   - patch: what changes.
    ///   - subresource: such as `status`; nil for the object itself.
    ///   - options: whether the server only tries it, and what it does with fields that it does not know.
    /// - Throws: ``KubeError`` with ``KubeError/Code/badRequest`` for an apply that no server takes, before anything is
    ///   sent; with ``KubeError/Code/conflict`` and ``KubeError/fieldConflicts`` if other managers own fields of it.
    @discardableResult
    public func patch(
        _ name: String,
        _ patch: Patch,
        subresource: String? = nil,
        _ options: WriteOptions = WriteOptions()
    ) async throws(KubeError) -> Object {
        try await client.send(try patchRequest(name, patch, subresource: subresource, options))
    }

    func patchRequest(
        _ name: String,
        _ patch: Patch,
        subresource: String?,
        _ options: WriteOptions
    ) throws(KubeError) -> Request {
        try patch.check(name: name)
        var request = try request(.patch, name: name, subresource: subresource)
        request.contentType = patch.contentType
        request.body = patch.body
        request.add("fieldManager", patch.fieldManager)
        request.add("force", patch.force ? "true" : nil)
        request.add(options)
        return request
    }

    func request(
        _ method: Request.Method,
        name: String? = nil,
        subresource: String? = nil
    ) throws(KubeError) -> Request {
        if resource.isNamespaced, let namespace { try Request.checkSegment(namespace) }
        if let name { try Request.checkSegment(name) }
        if let subresource { try Request.checkSegment(subresource) }
        var request = Request(
            method: method,
            path: resource.path(namespace: namespace, name: name, subresource: subresource)
        )
        if Object.self == PartialObjectMetadata.self { request.accept = Self.accepting("PartialObjectMetadata") }
        return request
    }

    /// Asks the server to convert what it sends; one that cannot sends the whole.
    private static func accepting(_ kind: String) -> String {
        "application/json;as=\(kind);g=meta.k8s.io;v=v1,application/json"
    }
}
