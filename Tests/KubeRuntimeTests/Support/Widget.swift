// SPDX-License-Identifier: Apache-2.0
import JSON
import KubeAPI
import KubeClient
import KubeRuntime

/// An object for tests.
struct Widget: Resource, Hashable {
    static let apiResource = APIResource(group: "test.io", version: "v1", kind: "Widget", plural: "widgets")

    var metadata: ObjectMeta
    var color = ""

    init(_ name: String, version: Int = 1, uid: String? = nil, color: String = "", namespace: String? = "shop") {
        metadata = ObjectMeta(name: name, namespace: namespace)
        metadata.resourceVersion = "\(version)"
        metadata.uid = uid ?? "uid-\(name)"
        self.color = color
    }

    init(from reader: inout JSONReader) throws(JSONError) {
        self.init("")
        try reader.skipValue()
    }

    func encode(to writer: inout JSONWriter) { metadata.encode(to: &writer) }
}

/// A cluster-scoped owner of widgets.
struct Factory: Resource, Hashable {
    static let apiResource = APIResource(
        group: "test.io",
        version: "v1",
        kind: "Factory",
        plural: "factories",
        isNamespaced: false
    )

    var metadata = ObjectMeta()

    init(from reader: inout JSONReader) throws(JSONError) { try reader.skipValue() }

    func encode(to writer: inout JSONWriter) { metadata.encode(to: &writer) }
}

extension ResourceList where Object == Widget {
    init(_ items: [Widget], version: String, continueToken: String? = nil) {
        self.init(items: items)
        metadata.resourceVersion = version
        metadata.continueToken = continueToken
    }
}

extension KubeError {
    static func of(_ code: Code) -> KubeError { KubeError(code: code, message: "\(code)") }
}

extension ObjectKey {
    static func shop(_ name: String) -> ObjectKey { ObjectKey(namespace: "shop", name: name) }
}
