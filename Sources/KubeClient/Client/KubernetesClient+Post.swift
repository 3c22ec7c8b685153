// SPDX-License-Identifier: Apache-2.0

extension KubernetesClient {
    /// Sends JSON to a path, for servers that are no Kubernetes: they are reached in the same way.
    ///
    /// The answer does not matter, and nothing is sent twice.
    package func post(path: String, body: [UInt8], timeout: Duration) async throws(KubeError) {
        var request = Request(method: .post, path: path)
        request.body = body
        request.timeout = timeout
        _ = try await sendRaw(request)
    }
}
