// SPDX-License-Identifier: Apache-2.0
import JSON
import OrderedCollections
import YAML

/// A part of a kubeconfig that knows where it stands, so that an error can name file, line and field.
struct KubeconfigField {
    final class Document: Sendable {
        let path: String
        let bytes: [UInt8]

        init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }

        /// File names in a kubeconfig count from the directory of the kubeconfig.
        func resolved(_ file: String) -> String {
            guard !file.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return file }
            return "\(path[..<slash])/\(file)"
        }
    }

    let file: Document
    let value: JSONValue
    /// The field for people, such as `users[admin].user`; empty for the whole file.
    let name: String
    private let steps: [YAML.Step]

    /// Reads a whole file.
    init(readingFile path: String) throws(KubeError) {
        try self.init(Document(path: path, bytes: try File.read(path, for: "the kubeconfig")))
    }

    /// Reads a whole text.
    init(_ document: Document) throws(KubeError) {
        file = document
        name = ""
        steps = []
        do {
            value = try YAML.decode(file.bytes)
        } catch {
            throw KubeError(code: .configuration, message: "\(file.path): \(error)", cause: error)
        }
        guard value.objectValue != nil else {
            throw KubeError(code: .configuration, message: "\(file.path) is not a kubeconfig: it holds no fields")
        }
        for (field, expected) in [("kind", "Config"), ("apiVersion", "v1")] {
            if let found = try string(field), found != expected {
                throw failure(field, "is '\(found)': a kubeconfig says '\(expected)'")
            }
        }
    }

    private init(file: Document, value: JSONValue, name: String, steps: [YAML.Step]) {
        self.file = file
        self.value = value
        self.name = name
        self.steps = steps
    }

    /// A field of this object, or nil if it is absent or null.
    subscript(_ key: String) -> KubeconfigField? {
        guard let value = value[key], value != .null else { return nil }
        return KubeconfigField(file: file, value: value, name: name(of: key), steps: steps + [.key(key)])
    }

    /// A field of this object under another name for people; an object without fields if it is absent.
    func child(_ key: String, name: String) -> KubeconfigField {
        KubeconfigField(file: file, value: value[key] ?? .null, name: name, steps: steps + [.key(key)])
    }

    func elements(_ key: String) throws(KubeError) -> [KubeconfigField] {
        guard let list = self[key] else { return [] }
        guard let elements = list.value.arrayValue else { throw failure(key, "has to be a list") }
        return elements.enumerated().map { index, element in
            KubeconfigField(
                file: file,
                value: element,
                name: "\(list.name)[\(index)]",
                steps: list.steps + [.index(index)]
            )
        }
    }

    func required(_ key: String) throws(KubeError) -> String {
        guard let text = try string(key) else { throw failure(key, "is missing") }
        return text
    }

    /// The text of a field, or nil if it is absent or empty.
    ///
    /// Anything but a text is refused: a token of digits without quotes is a number in YAML, and passing over it
    /// would make the client anonymous without a word.
    func string(_ key: String) throws(KubeError) -> String? {
        guard let field = self[key] else { return nil }
        guard let text = field.value.stringValue else { throw failure(key, "has to be a string: put it in quotes") }
        return text.isEmpty ? nil : text
    }

    func strings(_ key: String) throws(KubeError) -> [String] {
        try elements(key).map { element throws(KubeError) in
            guard let text = element.value.stringValue else {
                throw element.failure(nil, "has to be a string: put it in quotes")
            }
            return text
        }
    }

    func bool(_ key: String) throws(KubeError) -> Bool {
        guard let field = self[key] else { return false }
        guard let value = field.value.boolValue else { throw failure(key, "has to be true or false, without quotes") }
        return value
    }

    /// The content of `<key>-data` (Base64), or the file that `<key>` names, which has to be there.
    ///
    /// The data wins, as in kubectl.
    func pem(_ key: String) throws(KubeError) -> PEMSource? {
        if let text = try string("\(key)-data") {
            guard let bytes = Base64.decode(text) else { throw failure("\(key)-data", "is not Base64") }
            return .data(bytes)
        }
        guard let path = try string(key) else { return nil }
        let source = PEMSource.file(file.resolved(path))
        _ = try source.read(for: "\(name(of: key)) in \(file.path)")
        return source
    }

    /// Refuses fields that mean nothing to this client: passing over one would be a guess at its importance.
    func allowOnly(_ known: Set<String>) throws(KubeError) {
        guard value != .null else { return }
        guard let fields = value.objectValue else { throw failure(nil, "has to be an object") }
        for (key, value) in fields where !known.contains(key) && value != .null {
            throw failure(key, "is not supported by this client")
        }
    }

    /// An error about a field of this object, or about the object itself.
    func failure(_ key: String?, _ message: String) -> KubeError {
        let line = YAML.line(of: steps + (key.map { [.key($0)] } ?? []), in: file.bytes).map { "line \($0): " } ?? ""
        return KubeError(
            code: .configuration,
            message: "\(file.path): \(line)\(key.map { name(of: $0) } ?? name) \(message)"
        )
    }

    private func name(of key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }
}
