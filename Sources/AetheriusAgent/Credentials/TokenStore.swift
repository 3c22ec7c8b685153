// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import KubeClient

/// The Secret in the observed cluster in which an agent keeps its own token for the hub.
struct TokenStore: Sendable {
    private static let resource = APIResource(group: "", version: "v1", kind: "Secret", plural: "secrets")
    private static let issuedKey = "issuedAt"
    private static let expiryKey = "expiresAt"

    private let secrets: ResourceClient<DynamicObject>
    private let name: String

    init(target: KubernetesClient, namespace: String, name: String) {
        secrets = target.resources(DynamicObject.self, of: Self.resource, namespace: namespace)
        self.name = name
    }

    /// The token that is kept; nil for none.
    func load() async throws(KubeError) -> HubToken? {
        let data = try await secrets.get(name).value["data"]
        func text(_ key: String) -> String? {
            guard let encoded = data?[key]?.stringValue, let bytes = Base64.decode(encoded), !bytes.isEmpty else {
                return nil
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        guard let token = text(AgentNames.tokenKey) else { return nil }
        // Somebody may have put one there by hand: then nobody knows its life, and it is renewed at once.
        let now = Timestamp.now
        let issued = text(Self.issuedKey).flatMap { Timestamp($0) } ?? now.advanced(by: .seconds(-3600))
        let expiry = text(Self.expiryKey).flatMap { Timestamp($0) } ?? now.advanced(by: .seconds(1))
        return HubToken(token: token, issuedAt: issued, expiresAt: expiry)
    }

    /// Keeps a token.
    func save(_ token: HubToken) async throws(KubeError) {
        var secret = try await secrets.get(name)
        let strings: JSONValue = [
            AgentNames.tokenKey: .string(token.token), Self.issuedKey: .string("\(token.issuedAt)"),
            Self.expiryKey: .string("\(token.expiresAt)"),
        ]
        secret.value["stringData"] = strings
        _ = try await secrets.update(secret, fieldManager: FieldManager.agent)
    }

    /// Removes the Secret with the token that the agent registered with.
    func deleteBootstrap() async throws(KubeError) {
        do throws(KubeError) {
            try await secrets.delete(AgentNames.Remote.bootstrap)
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }
}
