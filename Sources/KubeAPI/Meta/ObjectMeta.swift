// SPDX-License-Identifier: Apache-2.0
public import JSON

/// What every object has: its name, identity, version and labels.
///
/// Of `managedFields`, about half of an object's bytes, nothing is kept but ``betaVersions``.
public struct ObjectMeta: Sendable, Hashable {
    /// The name, unique for its kind within the namespace.
    public var name = ""
    /// The start of a name that the server completes.
    public var generateName: String?
    /// The namespace; nil for cluster-scoped objects.
    public var namespace: String?
    /// The identity: another object under the same name has another one.
    public var uid: String?
    /// The version of the content, to be treated as opaque.
    public var resourceVersion: String?
    /// Counts the changes to `spec`.
    public var generation: Int64?
    /// When the server stored the object first.
    public var creationTimestamp: Timestamp?
    /// When deletion was asked for; the object goes once its finalizers are gone.
    public var deletionTimestamp: Timestamp?
    /// Labels, which selectors match.
    public var labels: [String: String] = [:]
    /// Annotations, which nothing selects on.
    public var annotations: [String: String] = [:]
    /// The objects that this one belongs to.
    public var ownerReferences: [OwnerReference] = []
    /// What has to be done before the object may go.
    public var finalizers: [String] = []
    /// The versions that are not stable in which somebody has written the object, such as `policy/v1beta1`.
    ///
    /// From `managedFields`; it is never written.
    public private(set) var betaVersions: [String] = []

    /// Creates metadata for an object to be written.
    public init(
        name: String = "",
        namespace: String? = nil,
        labels: [String: String] = [:],
        annotations: [String: String] = [:],
        ownerReferences: [OwnerReference] = []
    ) {
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.annotations = annotations
        self.ownerReferences = ownerReferences
    }

    /// The reference of the one owner that manages this object, if there is one.
    public var controllerReference: OwnerReference? { ownerReferences.first { $0.isController } }
}

extension ObjectMeta: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "generateName": try reader.readShared(into: &generateName)
            case "namespace": try reader.readShared(into: &namespace)
            case "uid": try reader.read(into: &uid)
            case "resourceVersion": try reader.read(into: &resourceVersion)
            case "generation": try reader.read(into: &generation)
            case "creationTimestamp": try reader.read(into: &creationTimestamp)
            case "deletionTimestamp": try reader.read(into: &deletionTimestamp)
            case "labels": try reader.readShared(into: &labels)
            case "annotations": try reader.readShared(into: &annotations)
            case "ownerReferences": try reader.readShared(into: &ownerReferences)
            case "finalizers": try reader.readShared(into: &finalizers)
            case "managedFields": try readManagedFields(&reader)
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readManagedFields(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.peekKind() == .array else { return try reader.skipValue() }
        try reader.beginArray()
        while try reader.nextElement() {
            guard try reader.peekKind() == .object else {
                try reader.skipValue()
                continue
            }
            try reader.beginObject()
            while let key = try reader.nextKey() {
                switch key {
                case "apiVersion":
                    guard try reader.peekKind() == .string else {
                        try reader.skipValue()
                        continue
                    }
                    var version = ""
                    try reader.readShared(into: &version)
                    guard version.contains("beta"), betaVersions.count < 8, !betaVersions.contains(version) else {
                        continue
                    }
                    betaVersions.append(version)
                default: try reader.skipValue()
                }
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name.isEmpty ? nil : name)
            writer.field("generateName", generateName)
            writer.field("namespace", namespace)
            writer.field("uid", uid)
            writer.field("resourceVersion", resourceVersion)
            writer.field("generation", generation)
            writer.field("creationTimestamp", creationTimestamp)
            writer.field("deletionTimestamp", deletionTimestamp)
            writer.field("labels", labels.isEmpty ? nil : labels)
            writer.field("annotations", annotations.isEmpty ? nil : annotations)
            writer.field("ownerReferences", ownerReferences.isEmpty ? nil : ownerReferences)
            writer.field("finalizers", finalizers.isEmpty ? nil : finalizers)
        }
    }
}

/// Names an object that another one belongs to.
public struct OwnerReference: Sendable, Hashable {
    /// The owner's group and version.
    public var apiVersion = ""
    /// The owner's kind.
    public var kind = ""
    /// The owner's name, in the same namespace or cluster-scoped.
    public var name = ""
    /// The owner's identity.
    public var uid = ""
    /// Whether this owner is the one that manages the object.
    public var isController = false
    /// Whether the owner's foreground deletion waits for this object.
    public var blocksOwnerDeletion = false

    /// Creates a reference.
    public init(
        apiVersion: String,
        kind: String,
        name: String,
        uid: String,
        isController: Bool = false,
        blocksOwnerDeletion: Bool = false
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        self.isController = isController
        self.blocksOwnerDeletion = blocksOwnerDeletion
    }
}

extension OwnerReference: JSONDecodable, JSONEncodable {
    public init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "apiVersion": try reader.read(into: &apiVersion)
            case "kind": try reader.read(into: &kind)
            case "name": try reader.read(into: &name)
            case "uid": try reader.read(into: &uid)
            case "controller": try reader.read(into: &isController)
            case "blockOwnerDeletion": try reader.read(into: &blocksOwnerDeletion)
            default: try reader.skipValue()
            }
        }
    }

    public func encode(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("apiVersion", apiVersion)
            writer.field("kind", kind)
            writer.field("name", name)
            writer.field("uid", uid)
            writer.field("controller", isController ? true : nil)
            writer.field("blockOwnerDeletion", blocksOwnerDeletion ? true : nil)
        }
    }
}
