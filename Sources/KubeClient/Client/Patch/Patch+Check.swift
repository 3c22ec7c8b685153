// SPDX-License-Identifier: Apache-2.0
import JSON

extension Patch {
    /// Refuses an apply that no server takes, or that would do something else than it seems.
    /// - Throws: ``KubeError`` with ``KubeError/Code/badRequest``, which names the field.
    func check(name: String) throws(KubeError) {
        guard contentType == Self.applyContentType else { return }
        func refuse(_ problem: String) -> KubeError {
            KubeError(code: .badRequest, message: "'\(name)' cannot be applied: \(problem)")
        }
        let manager = fieldManager ?? ""
        guard !manager.isEmpty else { throw refuse("the field manager is empty; give it the program's name") }
        guard manager.utf8.count <= 128, manager.unicodeScalars.allSatisfy({ $0.properties.isPrintable }) else {
            throw refuse("the field manager has more than 128 bytes, or characters that are not printable")
        }
        let object: AppliedObject
        do { object = try JSON.decode(AppliedObject.self, from: body) } catch {
            throw refuse("it is no Kubernetes object: \(error.withoutValue)")
        }
        guard !object.apiVersion.isEmpty else { throw refuse("apiVersion is missing") }
        guard !object.kind.isEmpty else { throw refuse("kind is missing") }
        guard object.name == nil || object.name == name else {
            throw refuse("metadata.name is another one: '\(object.name ?? "")'")
        }
        guard !object.hasManagedFields else {
            throw refuse("metadata.managedFields is set; leave it out, the server keeps it")
        }
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}

/// What has to be looked at before an apply.
private struct AppliedObject: JSONDecodable {
    var apiVersion = ""
    var kind = ""
    var name: String?
    var hasManagedFields = false

    init(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "apiVersion": try reader.read(into: &apiVersion)
            case "kind": try reader.read(into: &kind)
            case "metadata": if try !reader.readNull() { try readMetadata(from: &reader) }
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readMetadata(from reader: inout JSONReader) throws(JSONError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            switch key {
            case "name": try reader.read(into: &name)
            case "managedFields":
                if try reader.readNull() { continue }
                hasManagedFields = true
                try reader.skipValue()
            default: try reader.skipValue()
            }
        }
    }
}
