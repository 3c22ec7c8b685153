// SPDX-License-Identifier: Apache-2.0
import AetheriusAPI
import JSON
import KubeAPI
import OrderedCollections

/// What `spec.agent` of a ClusterAgent means for the agent's own Deployment.
///
/// Pure: it compares and makes a patch.
struct OwnDeployment {
    /// The container that is the agent.
    static let container = "agent"

    /// The strategic merge patch that brings a Deployment in line; nil if it is.
    static func patch(_ deployment: JSONValue, _ settings: ClusterAgent.AgentSettings) -> JSONValue? {
        let pod = deployment["spec"]?["template"]?["spec"]
        guard
            let container = pod?["containers"]?.arrayValue?.first(where: { $0["name"]?.stringValue == Self.container })
        else { return nil }
        var podChange: JSONValue = [:]
        var containerChange: JSONValue = [:]
        if let image = settings.image, container["image"]?.stringValue != image {
            containerChange["image"] = .string(image)
        }
        let resources = settings.effectiveResources
        var resourceChange: JSONValue = [:]
        for (field, wanted) in [("requests", resources.requests), ("limits", resources.limits)]
        where !isSame(container["resources"]?[field], wanted) {
            resourceChange[field] = change(container["resources"]?[field], to: wanted)
        }
        if resourceChange != [:] { containerChange["resources"] = resourceChange }
        if strings(pod?["nodeSelector"]) != settings.nodeSelector {
            podChange["nodeSelector"] = change(pod?["nodeSelector"], to: settings.nodeSelector)
        }
        let tolerations = JSONValue.array(settings.tolerations.compactMap { value(of: $0) })
        if pod?["tolerations"] ?? .array([]) != tolerations { podChange["tolerations"] = tolerations }
        if containerChange != [:] {
            containerChange["name"] = .string(Self.container)
            podChange["containers"] = .array([containerChange])
        }
        guard podChange != [:] else { return nil }
        return ["spec": ["template": ["spec": podChange]]]
    }

    /// What makes one map of another: null for each key that goes.
    ///
    /// Not the directive `$patch: replace`: where there is no such map yet, old servers take it for one of its keys.
    private static func change(_ current: JSONValue?, to wanted: [String: String]) -> JSONValue {
        var value: JSONValue = [:]
        for key in strings(current).keys.sorted() where wanted[key] == nil { value[key] = .null }
        for (key, text) in wanted.sorted(by: { $0.key < $1.key }) { value[key] = .string(text) }
        return value
    }

    /// Amounts are compared as amounts: the server may write `1` for `1000m`.
    private static func isSame(_ current: JSONValue?, _ wanted: [String: String]) -> Bool {
        let current = strings(current)
        guard current.keys.sorted() == wanted.keys.sorted() else { return false }
        return wanted.allSatisfy { key, text in
            current[key] == text || Quantity(text).map { $0 == current[key].flatMap { Quantity($0) } } ?? false
        }
    }

    private static func strings(_ value: JSONValue?) -> [String: String] {
        var strings: [String: String] = [:]
        for (key, value) in value?.objectValue ?? [:] { strings[key] = value.stringValue }
        return strings
    }

    private static func value(of toleration: ClusterAgent.Toleration) -> JSONValue? {
        try? JSON.decode(JSONValue.self, from: JSON.encode(toleration))
    }
}
