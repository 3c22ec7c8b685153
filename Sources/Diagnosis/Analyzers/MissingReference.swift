// SPDX-License-Identifier: Apache-2.0
import KubeAPI

extension CauseClass {
    /// A Secret that a container needs does not exist.
    public static let secretNotFound = CauseClass(rawValue: "SecretNotFound")
    /// A Secret that a container needs lacks a key.
    public static let secretKeyNotFound = CauseClass(rawValue: "SecretKeyNotFound")
    /// A ConfigMap that a container needs does not exist.
    public static let configMapNotFound = CauseClass(rawValue: "ConfigMapNotFound")
    /// A ConfigMap that a container needs lacks a key.
    public static let configMapKeyNotFound = CauseClass(rawValue: "ConfigMapKeyNotFound")
}

/// A Secret or ConfigMap, or a key of one, that the kubelet says is missing.
///
/// The objects themselves are not read: by default nobody may read Secrets.
struct MissingReference: Hashable {
    var causeClass: CauseClass
    /// What is missing, for people.
    var message: String
    /// The kind of the object that is missing or lacks something.
    var kind: String
    /// Its name; nil if the kubelet names only the volume.
    var name: String?

    /// The object, in the namespace of the pod that needs it, and what would make it and is not well.
    func objects(in namespace: String, _ snapshot: Snapshot) -> [ObjectReference] {
        guard let name else { return [] }
        let makers =
            causeClass == .secretNotFound
            ? CustomResourceAnalyzer.makers(ofSecret: name, in: namespace, snapshot) : []
        return [ObjectReference(apiVersion: "v1", kind: kind, namespace: namespace, name: name)] + makers
    }

    private init(causeClass: CauseClass, message: String, kind: String, name: String? = nil) {
        self.causeClass = causeClass
        self.message = message
        self.kind = kind
        self.name = name
    }

    /// Reads what the kubelet says, in an event or in what a container waits for; nil if it is about something else.
    init?(_ text: String) {
        // The kubelet has not seen the object yet; it says so for a moment of every pod on a new node.
        guard !text.contains("not registered") else { return nil }
        for (kind, noObject, noKey) in [
            ("Secret", CauseClass.secretNotFound, CauseClass.secretKeyNotFound),
            ("ConfigMap", .configMapNotFound, .configMapKeyNotFound),
        ] {
            if let key = text.word(after: "couldn't find key "),
                let object = text.word(after: " in \(kind) ")
            {
                let name = String(object.split(separator: "/").last ?? "")
                self.init(causeClass: noKey, message: "\(kind) \(name) has no key \(key)", kind: kind, name: name)
                return
            }
            let shortKind = kind == "Secret" ? "secret" : "config"
            if let key = text.word(after: "references non-existent \(shortKind) key: ") {
                let volume = text.quoted(after: "volume ").map { " of volume \($0)" } ?? ""
                self.init(causeClass: noKey, message: "the \(kind)\(volume) has no key \(key)", kind: kind)
                return
            }
            if let name = text.quoted(after: "\(kind.lowercased()) "), text.contains("not found") {
                self.init(causeClass: noObject, message: "\(kind) \(name) does not exist", kind: kind, name: name)
                return
            }
        }
        return nil
    }

    /// What a person could do about a missing object; nil for other classes.
    static func advice(for cause: Cause) -> Recommendation? {
        let kind: String
        switch cause.causeClass {
        case .secretNotFound, .secretKeyNotFound: kind = "secrets"
        case .configMapNotFound, .configMapKeyNotFound: kind = "configmaps"
        default: return nil
        }
        return Recommendation(
            title: "Create what is missing, or correct the reference",
            description: "Look for a typing error in the name, and for an object of that name in another namespace: "
                + "a pod sees only those of its own.",
            command: "kubectl -n \(cause.object.namespace) get \(kind)",
            risk: .none
        )
    }
}
