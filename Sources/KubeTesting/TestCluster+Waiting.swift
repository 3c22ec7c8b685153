// SPDX-License-Identifier: Apache-2.0
import KubeAPI
public import KubeClient

extension ResourceClient {
    /// Waits until an object is as it should be, and returns it as it was then.
    ///
    /// It watches, so nothing is asked for in vain. There is no time limit here: give the test one with
    /// `.timeLimit(.minutes(1))`.
    /// - Throws: ``TestClusterError`` if the object is deleted before that.
    public func wait(
        for name: String,
        until isReady: (Object) throws -> Bool
    ) async throws -> Object {
        while true {
            // From "0" the watch begins with the present object, so nothing is missed between two requests.
            let stream = try await watch(WatchOptions(fieldSelector: "metadata.name=\(name)", resourceVersion: "0"))
            for try await event in stream {
                switch event {
                case .added(let object), .modified(let object): if try isReady(object) { return object }
                case .deleted:
                    throw TestClusterError(message: "\(resource.kind) \(name) was deleted while a test waited")
                case .bookmark: continue
                case .error(let status): throw KubeError(status: status)
                }
            }
        }
    }

    /// Waits until an object is gone.
    public func waitForDeletion(of name: String) async throws {
        while true {
            do throws(KubeError) {
                let object = try await get(name)
                let stream = try await watch(
                    WatchOptions(
                        fieldSelector: "metadata.name=\(name)",
                        resourceVersion: object.metadata.resourceVersion
                    )
                )
                var iterator = stream.makeAsyncIterator()
                while let event = try await iterator.next() {
                    if case .deleted = event { return }
                }
            } catch {
                guard error.code != .notFound else { return }
                throw error
            }
        }
    }
}

extension KubernetesClient {
    /// Waits until the server knows that this client may do something: it learns of new bindings by a watch.
    public func waitUntilAllowed(_ attributes: AccessAttributes) async throws {
        while try await !selfSubjectAccessReview(attributes).isAllowed { try await Task.sleep(for: .milliseconds(5)) }
    }

    /// Waits until the server refuses what this client proves itself with.
    ///
    /// It remembers for some seconds what it thought of a token, and tells nobody when it stops.
    public func waitUntilRefused() async throws {
        do throws(KubeError) {
            while true {
                _ = try await selfSubjectAccessReview(.resource(.init(verb: "get", resource: "pods")))
                do { try await Task.sleep(for: .milliseconds(200)) } catch {
                    throw KubeError(code: .cancelled, message: "nobody waits any more")
                }
            }
        } catch {
            guard error.code == .unauthorized else { throw error }
        }
    }
}
